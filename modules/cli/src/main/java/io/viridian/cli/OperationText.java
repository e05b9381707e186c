package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/** An operation for people. */
final class OperationText {
    private OperationText() {}

    static String of(JsonNode operation, Paint paint) {
        String status = operation.path("status").asText();
        boolean bad = status.equals("FAILED") || status.equals("UNDONE") || status.equals("UNKNOWN");
        StringBuilder text = new StringBuilder(operation.path("id").asText())
                .append("  ")
                .append(operation.path("type").asText())
                .append("  ")
                .append(bad ? paint.bad(status) : paint.strong(status))
                .append(took(operation))
                .append('\n');
        if (operation.path("write_pause_ms").isNumber()) {
            text.append("Write pause  ")
                    .append(Measures.seconds(operation.path("write_pause_ms").asDouble() / 1e3))
                    .append('\n');
        }
        operation.path("result").properties().forEach(entry -> {
            if (!entry.getKey().equals("write_pause_ms")) {
                text.append(entry.getKey().replace('_', ' '))
                        .append(": ")
                        .append(entry.getValue().asText())
                        .append('\n');
            }
        });
        return text.toString();
    }

    private static String took(JsonNode operation) {
        if (!operation.path("started").isTextual()
                || !operation.path("finished").isTextual()) {
            return "";
        }
        Instant started = Instant.parse(operation.path("started").asText());
        Instant finished = Instant.parse(operation.path("finished").asText());
        return "  in " + Measures.duration(Duration.between(started, finished));
    }
}
