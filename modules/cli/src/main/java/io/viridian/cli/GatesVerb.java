package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The gates. */
@Command(description = "Show the conditions of the next switch, read now. What cannot be read counts as failed.")
final class GatesVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(names = "--explain", paramLabel = "ID", description = "Explain one gate: what it is for, and what to do.")
    private @Nullable String explained;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    GatesVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            JsonNode gates = client.read("/gates").json();
            if (explained == null) {
                output.print(around, gates, () -> text(gates.path("gates")));
            } else {
                JsonNode gate = find(gates.path("gates"), explained);
                output.print(around, gate, () -> explanation(gate));
            }
            return ExitCode.OK.number();
        }
    }

    private String text(JsonNode gates) {
        Instant now = around.clock().now();
        String hints = StatusText.stream(gates)
                .filter(gate -> !GateText.letsPass(gate))
                .map(gate -> "Next: %s (%s)\n"
                        .formatted(
                                gate.path("hint").asText().isEmpty()
                                        ? "viridian gates --explain "
                                                + gate.path("id").asText()
                                        : gate.path("hint").asText(),
                                gate.path("id").asText()))
                .collect(Collectors.joining());
        return GateText.table(gates, now)
                + overrides(gates)
                + (hints.isEmpty() ? "Next: " + nothingToDo(gates) + "\n" : hints);
    }

    private static String overrides(JsonNode gates) {
        return StatusText.stream(gates)
                .filter(GateText::overridden)
                .map(gate -> gate.path("id").asText() + ": " + GateText.override(gate) + "\n")
                .collect(Collectors.joining());
    }

    private static String nothingToDo(JsonNode gates) {
        boolean all = StatusText.stream(gates)
                .allMatch(gate -> gate.path("status").asText().equals("passing"));
        return all ? "every gate passes." : "no gate is in the way; what does not pass is overridden.";
    }

    private static JsonNode find(JsonNode gates, String id) {
        Optional<JsonNode> found = StatusText.stream(gates)
                .filter(gate -> gate.path("id").asText().equals(id))
                .findFirst();
        return found.orElseThrow(() -> new Failure(
                ExitCode.USAGE,
                "USAGE: there is no gate '%s' now".formatted(id),
                "There are "
                        + StatusText.stream(gates)
                                .map(gate -> gate.path("id").asText())
                                .collect(Collectors.joining(" "))
                        + "."));
    }

    private String explanation(JsonNode gate) {
        String id = gate.path("id").asText();
        String hint = gate.path("hint").asText();
        return """
                %s  %s since %s
                %s
                Value   %s
                Limit   %s
                %sNext: %s
                """.formatted(
                id,
                GateText.status(gate),
                gate.path("since").asText(),
                GateText.meaning(id).orElse("A gate that this program does not know; it may be older than the daemon."),
                gate.path("value").asText(),
                gate.path("limit").asText(),
                GateText.overridden(gate) ? GateText.override(gate) + "\n" : "",
                hint.isEmpty() ? "nothing to do." : hint);
    }
}
