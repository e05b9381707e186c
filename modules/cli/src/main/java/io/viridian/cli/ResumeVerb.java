package io.viridian.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks to resume. */
@Command(description = "Go on after a pause, or after what halted the migration was mended.")
final class ResumeVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    ResumeVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            return operation.ask(around, client, "resume", Map.of(), Optional.empty());
        }
    }
}
