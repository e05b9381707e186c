package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A status for people: what is, what holds it back, and what to do next. */
final class StatusText {
    private static final int LABEL = 10;

    private StatusText() {}

    static String of(JsonNode status, Instant now, Paint paint) {
        StringBuilder text =
                new StringBuilder(paint.strong(status.path("migration").asText() + "  " + state(status)));
        text.append("  since ")
                .append(Measures.ago(Instant.parse(status.path("state_since").asText()), now)
                        .replace(" ago", ""))
                .append('\n');
        line(text, "Writes", owner(status));
        line(text, "Forward", lag(status.path("lag")));
        if (status.path("reverse_lag").isObject()) {
            line(text, "Reverse", lag(status.path("reverse_lag")));
        }
        line(text, "Backfill", backfill(status.path("backfill")));
        line(text, "Verify", verification(status));
        gates(text, status.path("gates"), paint);
        if (status.path("health").isObject()) {
            line(text, "Health", health(status.path("health")));
        }
        if (status.path("closed_side").isObject()) {
            closed(text, status.path("closed_side"));
        }
        line(text, "Rollback", status.path("rollback").asText());
        if (!status.path("flags").isEmpty()) {
            line(text, "Flags", joined(status.path("flags"), " "));
        }
        if (status.path("fault").isObject()) {
            fault(text, status.path("fault"), paint);
        }
        return text.append(next(status)).toString();
    }

    /** At least one line, so that whoever reads a status knows that nothing was forgotten. */
    static String next(JsonNode status) {
        List<String> lines = new ArrayList<>();
        status.path("next").forEach(line -> lines.add("Next: " + line.asText()));
        if (lines.isEmpty()) {
            lines.add("Next: nothing to do; `viridian watch` follows what happens.");
        }
        return String.join("\n", lines) + "\n";
    }

    static String state(JsonNode status) {
        String step = status.path("step").asText("");
        return status.path("state").asText() + (status.path("step").isNull() || step.isEmpty() ? "" : " " + step);
    }

    static String verification(JsonNode status) {
        String word = status.path("verification").asText();
        JsonNode age = status.path("verification_age_seconds");
        return age.isNumber() ? word + ", " + Measures.seconds(Math.floor(age.asDouble())) + " ago" : word;
    }

    private static String owner(JsonNode status) {
        String owner = status.path("owner").asText();
        return owner.equals("none") ? "on neither side" : "on " + owner;
    }

    private static String lag(JsonNode lag) {
        return "lag " + Measures.seconds(lag.path("seconds")) + " / " + Measures.bytes(lag.path("bytes"));
    }

    private static String backfill(JsonNode backfill) {
        String done = "%d of %d tables, %s of %s, %s rows"
                .formatted(
                        backfill.path("tables_done").asInt(),
                        backfill.path("tables").asInt(),
                        Measures.bytes(backfill.path("bytes")),
                        Measures.bytes(backfill.path("total_bytes")),
                        Measures.count(backfill.path("rows").asLong()));
        JsonNode eta = backfill.path("eta");
        return eta.isNumber() ? done + ", about " + Measures.seconds(eta) + " to go" : done;
    }

    private static String health(JsonNode health) {
        return "%s: %s; %d of %d failing in a row (then %s), %d said nothing"
                .formatted(
                        health.path("verdict").asText(),
                        health.path("value").asText(),
                        health.path("failures").asInt(),
                        health.path("failures_most").asInt(),
                        health.path("on_failing").asText(),
                        health.path("inconclusive").asInt());
    }

    /** Only when there is something to tell: that green has readers before the switch is nobody's concern. */
    private static void closed(StringBuilder text, JsonNode closed) {
        JsonNode refused = closed.path("refused_writes");
        long sessions = closed.path("sessions").asLong();
        boolean stayed = closed.path("side").asText().equals("blue") && sessions > 0;
        if (refused.asLong() == 0 && !stayed) {
            return;
        }
        line(
                text,
                "Closed",
                closed.path("side").asText()
                        + (refused.isNumber() ? ", " + Measures.count(refused.asLong()) + " statements refused" : "")
                        + ", " + sessions + " client sessions" + (sessions > 0 ? ":" : ""));
        closed.path("clients")
                .forEach(client -> line(
                        text,
                        "",
                        "%d of %s (%s) from %s"
                                .formatted(
                                        client.path("sessions").asLong(),
                                        client.path("role").asText(),
                                        client.path("application").asText(),
                                        client.path("address").asText())));
    }

    private static void gates(StringBuilder text, JsonNode gates, Paint paint) {
        long passing = stream(gates)
                .filter(gate -> gate.path("status").asText().equals("passing"))
                .count();
        line(text, "Gates", passing + " of " + gates.size() + " passing");
        stream(gates)
                .filter(gate -> GateText.overridden(gate)
                        || !gate.path("status").asText().equals("passing"))
                .forEach(gate -> line(text, "", paint.bad(GateText.status(gate)) + "  " + GateText.oneLine(gate)));
    }

    private static void fault(StringBuilder text, JsonNode fault, Paint paint) {
        String where =
                fault.path("object").isTextual() ? " (" + fault.path("object").asText() + ")" : "";
        String sqlState = fault.path("sqlstate").isTextual()
                ? " [SQLSTATE " + fault.path("sqlstate").asText() + "]"
                : "";
        line(
                text,
                "Fault",
                paint.bad(fault.path("code").asText()) + ": "
                        + fault.path("detail").asText() + where + sqlState);
        line(
                text,
                "",
                (fault.path("retryable").asBoolean() ? "The daemon tries again by itself. " : "")
                        + fault.path("fix").asText());
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(label)
                .append(" ".repeat(LABEL - label.length()))
                .append(value)
                .append('\n');
    }

    static String joined(JsonNode texts, String separator) {
        return stream(texts).map(JsonNode::asText).collect(Collectors.joining(separator));
    }

    static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
