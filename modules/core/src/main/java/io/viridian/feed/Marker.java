package io.viridian.feed;

import java.time.Instant;
import java.util.Optional;

/**
 * A logical message of ours in the source's log: {@code pg_logical_emit_message(true, 'viridian', …)} (manual 14-18,
 * section 9.28.6). Needs no table, works in a read-only transaction, and its place in the stream is exact. Foreign
 * messages and those of another migration are ignored.
 *
 * @param migration whose it is
 * @param kind what it marks
 * @param nonce unique per use; whoever waits for a marker waits for its nonce
 * @param emitted the emitter's clock
 */
public record Marker(String migration, Kind kind, String nonce, Instant emitted) {
    /** The prefix of every message of ours. */
    public static final String PREFIX = "viridian";

    /** What a marker marks. */
    public enum Kind {
        HEARTBEAT,
        CHUNK,
        FENCE,
        REVERSE,
        DDL
    }

    /** The content of the message. */
    public String content() {
        return migration + '|' + kind + '|' + nonce + '|' + emitted.toEpochMilli();
    }

    /** Reads a message's content; empty when it is not one of ours. */
    public static Optional<Marker> parse(String content) {
        String[] parts = content.split("\\|", 4);
        if (parts.length != 4) {
            return Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(parts[1]) && parts[3].matches("-?\\d{1,18}")) {
                return Optional.of(
                        new Marker(parts[0], kind, parts[2], Instant.ofEpochMilli(Long.parseLong(parts[3]))));
            }
        }
        return Optional.empty();
    }
}
