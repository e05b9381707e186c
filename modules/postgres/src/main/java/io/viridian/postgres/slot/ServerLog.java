package io.viridian.postgres.slot;

import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which log a server writes: positions are comparable within one timeline of one system, and after a fail-over up to
 * where the timelines part (manual 14-18, section 26.3.6, timelines).
 *
 * @param system the system identifier, which a server shares with its standbys
 * @param timeline counts the promotions
 */
public record ServerLog(String system, long timeline) {
    /** A line of a history file: timeline, where it ended, why. */
    private static final Pattern ENDED = Pattern.compile("(?m)^\\s*(\\d+)\\s+([0-9A-Fa-f]+/[0-9A-Fa-f]+)\\b");

    private static final Pattern TEXT = Pattern.compile("(\\d+)/(\\d+)");

    /** The log of the server at the other end (manual 14-18, section 55.4, IDENTIFY_SYSTEM). */
    public static ServerLog of(Session walsender) {
        return walsender.one("IDENTIFY_SYSTEM", row -> new ServerLog(row.text(1), row.number(2)));
    }

    /**
     * Where an earlier timeline ended on the way to this one; empty when it is no part of it.
     *
     * @param walsender to a server that writes this log
     */
    public Optional<Lsn> endOf(long earlier, Session walsender) {
        if (earlier >= timeline) {
            return Optional.empty();
        }
        return ended(walsender.one("TIMELINE_HISTORY " + timeline, row -> row.text(2)), earlier);
    }

    static Optional<Lsn> ended(String history, long timeline) {
        Matcher line = ENDED.matcher(history);
        while (line.find()) {
            if (Long.parseLong(line.group(1)) == timeline) {
                return Optional.of(Lsn.parse(line.group(2)));
            }
        }
        return Optional.empty();
    }

    /** As it is kept: {@code system/timeline}. */
    public String text() {
        return system + "/" + timeline;
    }

    /**
     * What {@link #text} made.
     *
     * @throws IllegalArgumentException when it did not
     */
    public static ServerLog parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a log: " + text);
        }
        return new ServerLog(parts.group(1), Long.parseLong(parts.group(2)));
    }
}
