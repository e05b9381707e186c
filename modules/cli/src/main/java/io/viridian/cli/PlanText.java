package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A plan for people. */
final class PlanText {
    private PlanText() {}

    static String of(JsonNode plan) {
        String what = plan.path("plan").asText();
        StringBuilder text = new StringBuilder(
                "Plan of the %s  %s\n\n".formatted(what, plan.path("hash").asText()));
        int number = 1;
        for (JsonNode step : plan.path("steps")) {
            text.append("%2d. %s  %s%s\n"
                    .formatted(
                            number++,
                            step.path("name").asText(),
                            step.path("does").asText(),
                            estimate(step)));
            step.path("statements").forEach(statement -> text.append(indented(statement.asText())));
        }
        if (!plan.path("findings").isEmpty()) {
            text.append('\n');
            plan.path("findings").forEach(finding -> finding(text, finding));
        }
        text.append("\nNothing was changed.\n");
        text.append(
                what.equals("migration")
                        ? "Next: viridian run\n"
                        : "Next: viridian %s --plan %s\n"
                                .formatted(what, plan.path("hash").asText()));
        return text.toString();
    }

    static boolean refused(JsonNode plan) {
        return StatusText.stream(plan.path("findings"))
                .anyMatch(finding -> finding.path("severity").asText().equals("refused"));
    }

    private static String estimate(JsonNode step) {
        return step.path("estimate").isTextual() ? "  (" + step.path("estimate").asText() + ")" : "";
    }

    private static void finding(StringBuilder text, JsonNode finding) {
        text.append("%-8s %s  %s: %s\n"
                .formatted(
                        finding.path("severity").asText(),
                        finding.path("id").asText(),
                        finding.path("object").asText(),
                        finding.path("message").asText()));
        if (finding.path("fix").isTextual()) {
            text.append(indented(finding.path("fix").asText()));
        }
    }

    private static String indented(String statement) {
        return statement.lines().map(line -> "      " + line + "\n").reduce("", String::concat);
    }
}
