package io.viridian.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks to pause. */
@Command(description = "Hold back the work that can wait; the stream goes on, so that blue's log does not pile up.")
final class PauseVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    PauseVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            return operation.ask(around, client, "pause", Map.of(), Optional.empty());
        }
    }
}
