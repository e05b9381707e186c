package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The tables. */
@Command(description = "Show every mapped table: how far its copy is, and whether it was proven equal.")
final class TablesVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    TablesVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            JsonNode tables = client.read("/tables").json();
            output.print(around, tables, () -> text(tables.path("tables")));
            return ExitCode.OK.number();
        }
    }

    static String text(JsonNode tables) {
        TextTable text = TextTable.of("SOURCE", "TARGET", "STATE", ">ROWS", ">SIZE", ">DONE", "VERIFIED");
        tables.forEach(table -> text.row(
                table.path("source").asText(),
                table.path("target").asText(),
                table.path("state").asText(),
                Measures.count(table.path("rows").asLong()),
                Measures.bytes(table.path("total_bytes")),
                done(table),
                table.path("verified").asText()));
        return text.text();
    }

    private static String done(JsonNode table) {
        if (table.path("state").asText().equals("done")) {
            return "100 %";
        }
        double total = table.path("total_bytes").asDouble();
        double share = total > 0 ? Math.min(0.999, table.path("bytes").asDouble() / total) : 0;
        return "%.0f %%".formatted(Math.floor(share * 100));
    }
}
