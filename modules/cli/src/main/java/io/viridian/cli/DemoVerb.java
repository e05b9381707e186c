package io.viridian.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The demonstration. In a checkout the launcher has taken this verb already; an installed program lacks the servers. */
@Command(
        description = {
            "Show a whole migration on this machine: two servers, a shop and its clients, there and back.",
            "As make demo; DEMO_HOLD=1 stays up in READY to try the verbs. Needs a checkout."
        })
final class DemoVerb implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new Failure(
                ExitCode.USAGE,
                "USAGE: the demonstration brings its own servers along, and an installed program does not have them",
                "Run `make demo` or `./viridian demo` in a checkout of Viridian.");
    }
}
