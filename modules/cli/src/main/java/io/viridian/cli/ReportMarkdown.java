package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** The certificate as Markdown, for tickets and post-mortems. */
final class ReportMarkdown {
    private ReportMarkdown() {}

    static String of(JsonNode certificate, Instant now) {
        JsonNode status = certificate.path("status");
        StringBuilder text = new StringBuilder(
                "# Migration %s\n\n".formatted(certificate.path("migration").asText()));
        text.append("As of %s: **%s**, writes on %s, rollback %s, plan `%s`.\n"
                .formatted(
                        now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        StatusText.state(status),
                        status.path("owner").asText(),
                        status.path("rollback").asText(),
                        status.path("plan_hash").asText()));
        tables(text, certificate.path("tables"));
        verification(text, certificate.path("verification"));
        consents(text, status.path("consents"));
        operations(text, certificate.path("operations"));
        timeline(text, certificate.path("events"));
        return text.toString();
    }

    private static void tables(StringBuilder text, JsonNode tables) {
        text.append(
                "\n## Tables\n\n| source | target | state | rows | size | verified |\n|---|---|---|---:|---:|---|\n");
        tables.forEach(table -> text.append("| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        cell(table.path("source")),
                        cell(table.path("target")),
                        cell(table.path("state")),
                        Measures.count(table.path("rows").asLong()),
                        Measures.bytes(table.path("bytes")),
                        cell(table.path("verified")))));
    }

    private static void verification(StringBuilder text, JsonNode verification) {
        text.append("\n## Verification\n\n");
        if (!verification.isObject()) {
            text.append("None has ended yet.\n");
            return;
        }
        long differing = StatusText.stream(verification.path("tables"))
                .mapToLong(table -> table.path("differing").asLong())
                .sum();
        text.append("%s: %s rows in %d tables compared in %s, %s.\n"
                .formatted(
                        verification.path("started").asText(),
                        Measures.count(verification.path("rows").asLong()),
                        verification.path("tables").size(),
                        Measures.seconds(verification.path("took_ms").asDouble() / 1e3),
                        verification.path("clean").asBoolean()
                                ? "no difference"
                                : "**" + Measures.count(differing) + " rows differ**"));
    }

    /** Nothing is left out of it, whether it was taken back or ended by itself. */
    private static void consents(StringBuilder text, JsonNode consents) {
        if (consents.isEmpty()) {
            return;
        }
        text.append("\n## Overrides and approvals\n\n| at | what | by | until | reason |\n|---|---|---|---|---|\n");
        consents.forEach(consent -> text.append("| %s | %s | %s | %s | %s |\n"
                .formatted(
                        consent.path("at").asText(),
                        (consent.path("kind").asText().equals("override")
                                        ? "override of " + cell(consent.path("subject"))
                                        : "approval")
                                + (consent.path("given").asBoolean() ? "" : " taken back"),
                        cell(consent.path("by")),
                        consent.path("given").asBoolean()
                                ? consent.path("until").asText()
                                : "",
                        cell(consent.path("reason")))));
    }

    private static void operations(StringBuilder text, JsonNode operations) {
        text.append(
                "\n## Operations\n\n| started | operation | status | write pause | by | reason |\n|---|---|---|---:|---|---|\n");
        operations.forEach(operation -> text.append("| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        operation.path("started").isTextual()
                                ? operation.path("started").asText()
                                : "",
                        cell(operation.path("type")),
                        cell(operation.path("status")),
                        operation.path("write_pause_ms").isNumber()
                                ? Measures.seconds(
                                        operation.path("write_pause_ms").asDouble() / 1e3)
                                : "",
                        cell(operation.path("by")),
                        cell(operation.path("reason")))));
    }

    private static void timeline(StringBuilder text, JsonNode events) {
        text.append("\n## Timeline\n\n");
        events.forEach(event -> text.append("- %s %s: %s\n"
                .formatted(event.path("at").asText(), event.path("type").asText(), cell(event.path("text")))));
    }

    /** What people wrote must not end a cell. */
    private static String cell(JsonNode value) {
        return value.asText().replace("|", "\\|").replaceAll("\\R", " ");
    }
}
