package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Gates for people, and what each of them is for. */
final class GateText {
    /** The gates of the contract, in its order. */
    static final Map<String, String> MEANINGS = meanings();

    private GateText() {}

    static String table(JsonNode gates, Instant now) {
        TextTable table = TextTable.of("GATE", "STATUS", "VALUE", "LIMIT", "SINCE");
        gates.forEach(gate -> table.row(
                gate.path("id").asText(),
                status(gate),
                gate.path("value").asText(),
                gate.path("limit").asText(),
                Measures.ago(Instant.parse(gate.path("since").asText()), now)));
        return table.text();
    }

    static String oneLine(JsonNode gate) {
        String hint = overridden(gate) ? override(gate) : gate.path("hint").asText();
        return "%s: %s, limit %s%s"
                .formatted(
                        gate.path("id").asText(),
                        gate.path("value").asText(),
                        gate.path("limit").asText(),
                        hint.isEmpty() ? "" : ". " + hint);
    }

    /** What it sees, and that somebody has said not to mind. */
    static String status(JsonNode gate) {
        return gate.path("status").asText() + (overridden(gate) ? ", overridden" : "");
    }

    static boolean overridden(JsonNode gate) {
        return gate.path("overridden").isObject();
    }

    /** Whether a switch does not wait for it. */
    static boolean letsPass(JsonNode gate) {
        return gate.path("status").asText().equals("passing") || overridden(gate);
    }

    /** By whom and why. */
    static String override(JsonNode gate) {
        JsonNode override = gate.path("overridden");
        return "Overridden by %s until %s: %s"
                .formatted(
                        override.path("by").asText(),
                        override.path("until").asText(),
                        override.path("reason").asText());
    }

    /** What a gate is for; hooks have their own names behind a common beginning. */
    static Optional<String> meaning(String id) {
        return Optional.ofNullable(MEANINGS.get(id.startsWith("hook.") ? "hook.*" : id));
    }

    private static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put("repl.healthy", "The stream to the other side is connected and applies.");
        meanings.put("lag.seconds", "The newest heartbeat seen on the other side is younger than cutover.max-lag.");
        meanings.put("lag.stable", "The lag has stayed below its limit for cutover.stable-for.");
        meanings.put("slot.safe", "Our slot on the owner is far from the log it may keep.");
        meanings.put("backfill.complete", "Every table has been copied.");
        meanings.put("verify.fresh", "The last verification is younger than verify.max-age.");
        meanings.put("verify.clean", "The last verification found no difference.");
        meanings.put("schema.quiet", "Blue's schema is the one the plan was made for.");
        meanings.put(
                "tx.longest",
                "No transaction on blue is older than cutover.longest-writer; the fence would wait for it.");
        meanings.put("locks.none", "Nobody holds or waits for a strong lock on a migrated table.");
        meanings.put("prepared.none", "No prepared transaction is left open on blue.");
        meanings.put("sequences.ready", "Every sequence of green can be moved past the one it continues.");
        meanings.put(
                "green.ready",
                "Green's indexes are valid, its constraints validated, its tables analyzed, its connections enough.");
        meanings.put("green.no-foreign-writes", "Nobody but Viridian writes to the side that does not own.");
        meanings.put("reverse.proven", "A marker written on green has come back to blue through the reverse stream.");
        meanings.put("traffic.reachable", "Every switcher of cutover.traffic answers its probe.");
        meanings.put(
                "pause.predicted",
                "The pause foreseen from what rehearsals and switches have measured, and from lag and writers now, fits into "
                        + "cutover.write-pause-budget. What is only assumed refuses nothing.");
        meanings.put("window.open", "Now lies within cutover.window.");
        meanings.put("hook.*", "A hook of yours has said yes.");
        meanings.put("approval", "As many other people have approved as cutover.approvals says.");
        return meanings;
    }
}
