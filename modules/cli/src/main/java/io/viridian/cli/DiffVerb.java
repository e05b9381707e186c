package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where both sides differ. */
@Command(
        description = {
            "Show the rows in which the last verification found blue and green different, by column.",
            "Exit code 0 when there are none, 12 when there are."
        })
final class DiffVerb implements Callable<Integer> {
    private final Surroundings around;

    @Parameters(arity = "0..1", paramLabel = "TABLE", description = "Only this table, by its blue or green name.")
    private @Nullable String table;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    DiffVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            ObjectNode verification = client.read("/verification").json().deepCopy();
            ArrayNode tables = JsonNodeArrays.filtered(verification.path("tables"), this::wanted);
            if (tables.isEmpty()) {
                throw unknownTable(verification.path("tables"));
            }
            verification.set("tables", tables);
            output.print(around, verification, () -> text(verification));
            boolean differs = StatusText.stream(tables)
                    .anyMatch(result -> !result.path("equal").asBoolean());
            return differs ? ExitCode.MISMATCH.number() : ExitCode.OK.number();
        }
    }

    private boolean wanted(JsonNode result) {
        if (table == null) {
            return true;
        }
        String full = table.contains(".") ? table : "public." + table;
        return result.path("source").asText().equals(full)
                || result.path("target").asText().equals(full);
    }

    private Failure unknownTable(JsonNode all) {
        return new Failure(
                ExitCode.USAGE,
                "USAGE: the last verification compared no table '%s'".formatted(table),
                "It compared "
                        + StatusText.stream(all)
                                .map(result -> result.path("target").asText())
                                .collect(Collectors.joining(" "))
                        + ".");
    }

    private static String text(JsonNode verification) {
        StringBuilder text = new StringBuilder();
        boolean equal = true;
        for (JsonNode result : verification.path("tables")) {
            equal &= result.path("equal").asBoolean();
            text.append("%s -> %s: %s\n"
                    .formatted(
                            result.path("source").asText(),
                            result.path("target").asText(),
                            verdict(result)));
            result.path("differences").forEach(row -> row(text, row));
            long more = result.path("differing").asLong()
                    - result.path("differences").size();
            if (more > 0) {
                text.append("  and %s more\n".formatted(Measures.count(more)));
            }
        }
        return text.append("As of ")
                .append(verification.path("started").asText())
                .append(".\n")
                .append(
                        equal
                                ? "Next: nothing to do.\n"
                                : "Next: find who wrote, mend the rows, then `viridian verify --wait`.\n")
                .toString();
    }

    private static String verdict(JsonNode result) {
        return result.path("equal").asBoolean()
                ? "equal, " + Measures.count(result.path("source_rows").asLong()) + " rows"
                : Measures.count(result.path("differing").asLong()) + " rows differ";
    }

    private static void row(StringBuilder text, JsonNode row) {
        text.append("  ")
                .append(row.path("key").asText())
                .append("  ")
                .append(row.path("kind").asText())
                .append('\n');
        row.path("columns")
                .forEach(column -> text.append("    %s: expected %s, found %s\n"
                        .formatted(
                                column.path("column").asText(),
                                column.path("expected").asText(),
                                column.path("found").asText())));
    }
}
