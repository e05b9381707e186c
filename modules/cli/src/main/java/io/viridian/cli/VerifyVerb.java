package io.viridian.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for a verification. */
@Command(
        description = {
            "Compare blue with green through the mapping while writers go on.",
            "With --wait exit code 0 when equal, 12 when not; `viridian diff` then shows the rows."
        })
final class VerifyVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(names = "--table", paramLabel = "TABLE", description = "Only this table, by its blue or green name.")
    private String table = "";

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "basic or standard; rigorous and forensic are not built yet.")
    private String level = "";

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    VerifyVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            return operation.ask(around, client, "verify", Map.of("table", table, "level", level), Optional.empty());
        }
    }
}
