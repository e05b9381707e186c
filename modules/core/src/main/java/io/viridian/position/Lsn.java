package io.viridian.position;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log sequence number: a byte position in the write-ahead log of one server and timeline. Compared unsigned, printed
 * as PostgreSQL prints {@code pg_lsn} ({@code 16/B374D848}; manual 14-18, section 8.20).
 *
 * @param value the position in bytes, as an unsigned 64-bit number
 */
public record Lsn(long value) implements Comparable<Lsn> {
    /** Before every record; PostgreSQL calls it invalid and never assigns it. */
    public static final Lsn ZERO = new Lsn(0);

    private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /**
     * Reads the text form of {@code pg_lsn}.
     *
     * @throws IllegalArgumentException when the text is not two hexadecimal words joined by a slash
     */
    public static Lsn parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a log sequence number: '" + text + "' (expected like 16/B374D848)");
        }
        return new Lsn(Long.parseLong(matcher.group(1), 16) << 32 | Long.parseLong(matcher.group(2), 16));
    }

    /** The bytes from {@code earlier} to this position; negative when {@code earlier} is in fact later. */
    public long bytesSince(Lsn earlier) {
        return value - earlier.value;
    }

    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public static Lsn min(Lsn one, Lsn other) {
        return one.isBefore(other) ? one : other;
    }

    public static Lsn max(Lsn one, Lsn other) {
        return one.isAfter(other) ? one : other;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL);
    }
}
