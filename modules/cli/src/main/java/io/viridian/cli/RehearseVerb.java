package io.viridian.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for a rehearsal. */
@Command(
        description = {
            "Do the cutover up to its commit point, under the real load, and undo it.",
            "Tells how long writes would pause. Writers wait for that moment, nothing else changes."
        })
final class RehearseVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(names = "--times", paramLabel = "N", description = "How often; default: once.")
    private int times = 1;

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    RehearseVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (times < 1) {
            throw new Failure(ExitCode.USAGE, "USAGE: --times must be at least 1, not " + times, "");
        }
        try (DaemonClient client = operation.client(around)) {
            Map<String, String> parameters = times == 1 ? Map.of() : Map.of("times", Integer.toString(times));
            return operation.ask(around, client, "rehearse", parameters, Optional.empty());
        }
    }
}
