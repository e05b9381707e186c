package io.viridian.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Approves the cutover that somebody else asks for. */
@Command(
        description = {
            "Approve the next cutover, which somebody else then asks for; cutover.approvals says how many must.",
            "It holds for a day, for this plan and until the writes move."
        })
final class ApproveVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(names = "--withdraw", description = "Take your approval back.")
    private boolean withdraw;

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    ApproveVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            return operation.ask(
                    around, client, "approve", withdraw ? Map.of("withdraw", "true") : Map.of(), Optional.empty());
        }
    }
}
