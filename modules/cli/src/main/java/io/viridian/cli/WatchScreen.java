package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/**
 * Draws over itself on a terminal that may be animated; elsewhere one line whenever something but a measurement has
 * changed.
 */
final class WatchScreen {
    private final Surroundings around;
    private final boolean json;
    private int drawn;
    private String shown = "";
    private boolean silent;

    WatchScreen(Surroundings around, boolean json) {
        this.around = around;
        this.json = json;
    }

    void show(JsonNode status) {
        silent = false;
        if (around.colour() && !json) {
            draw(StatusText.of(status, around.clock().now(), Paint.in(around)));
            return;
        }
        String telling = telling(status);
        if (!telling.equals(shown)) {
            shown = telling;
            around.out().println(json ? status.toString() : line(status));
            around.out().flush();
        }
    }

    /** Says once that nobody answers. */
    void silent(String why) {
        if (!silent) {
            silent = true;
            drawn = 0;
            around.talk("viridian: " + why + "; trying again");
        }
    }

    private void draw(String text) {
        if (drawn > 0) {
            around.out().print("\u001B[%dA\u001B[J".formatted(drawn));
        }
        around.out().print(text);
        around.out().flush();
        drawn = (int) text.lines().count();
    }

    /** Everything whose change is worth a line; a percent of the copy is. */
    private static String telling(JsonNode status) {
        String failing = StatusText.stream(status.path("gates"))
                .filter(gate -> !gate.path("status").asText().equals("passing"))
                .map(gate -> gate.path("id").asText())
                .collect(Collectors.joining(","));
        return String.join(
                " ",
                StatusText.state(status),
                status.path("owner").asText(),
                status.path("flags").toString(),
                status.path("verification").asText(),
                status.path("rollback").asText(),
                status.path("fault").path("code").asText(""),
                Long.toString((long) copied(status)),
                failing);
    }

    private String line(JsonNode status) {
        long passing = StatusText.stream(status.path("gates"))
                .filter(gate -> gate.path("status").asText().equals("passing"))
                .count();
        StringBuilder line = new StringBuilder()
                .append(around.clock().now().truncatedTo(ChronoUnit.SECONDS))
                .append(' ')
                .append(StatusText.state(status))
                .append(" owner=")
                .append(status.path("owner").asText())
                .append(" copy=%.0f%%".formatted(Math.floor(copied(status))))
                .append(" lag=")
                .append(compact(Measures.seconds(status.path("lag").path("seconds"))))
                .append('/')
                .append(compact(Measures.bytes(status.path("lag").path("bytes"))))
                .append(" gates=%d/%d".formatted(passing, status.path("gates").size()))
                .append(" verification=")
                .append(status.path("verification").asText());
        if (status.path("backfill").path("eta").isNumber()) {
            line.append(" eta=")
                    .append(compact(Measures.seconds(status.path("backfill").path("eta"))));
        }
        status.path("flags").forEach(flag -> line.append(' ').append(compact(flag.asText())));
        if (status.path("fault").isObject()) {
            line.append(" fault=").append(status.path("fault").path("code").asText());
        }
        return line.toString();
    }

    private static double copied(JsonNode status) {
        JsonNode backfill = status.path("backfill");
        double total = backfill.path("total_bytes").asDouble();
        boolean all = backfill.path("tables").asInt() > 0
                && backfill.path("tables_done").asInt()
                        == backfill.path("tables").asInt();
        return all ? 100 : total > 0 ? Math.min(99, backfill.path("bytes").asDouble() / total * 100) : 0;
    }

    private static String compact(String text) {
        return text.equals("not known") ? "unknown" : text.replace(" ", "");
    }
}
