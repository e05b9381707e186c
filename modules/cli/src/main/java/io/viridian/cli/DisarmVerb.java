package io.viridian.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks not to cut over after all. */
@Command(
        description = {
            "Do not cut over by itself any more. A cutover that is under way is undone, if it has not reached its commit",
            "point yet."
        })
final class DisarmVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    DisarmVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            return operation.ask(around, client, "disarm", Map.of(), Optional.empty());
        }
    }
}
