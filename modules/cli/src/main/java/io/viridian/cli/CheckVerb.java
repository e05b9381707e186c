package io.viridian.cli;

import io.viridian.daemon.LocalCommands.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The pre-flight checks. */
@Command(
        description = {
            "Check both databases before anything is touched.",
            "Each finding names the object and the SQL that mends it; exit code 0 when clean, 3 when refused."
        })
final class CheckVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(names = "--grants", description = "Print the SQL that grants what the daemon needs.")
    private boolean grants;

    @Mixin
    private final OutputOption output = new OutputOption();

    CheckVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        return around.local()
                .check(
                        new Invocation(configuration.sources(around), output.json(), around.out(), around.err()),
                        grants);
    }
}
