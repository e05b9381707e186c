package io.viridian.daemon.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of bytes, written {@code 64MiB}. Only binary units, because {@code MB} means two things. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s?(B|KiB|MiB|GiB|TiB)");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final int BITS_PER_UNIT = 10;

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    public static ByteSize ofKibibytes(long count) {
        return new ByteSize(Math.multiplyExact(count, 1L << BITS_PER_UNIT));
    }

    public static ByteSize ofMebibytes(long count) {
        return new ByteSize(Math.multiplyExact(count, 1L << (2 * BITS_PER_UNIT)));
    }

    public static ByteSize ofGibibytes(long count) {
        return new ByteSize(Math.multiplyExact(count, 1L << (3 * BITS_PER_UNIT)));
    }

    /**
     * Reads {@code 512B}, {@code 64KiB}, {@code 64MiB}, {@code 2GiB}, {@code 1TiB}.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        long factor = 1L << (BITS_PER_UNIT * UNITS.indexOf(matcher.group(2)));
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("larger than any disk", tooLarge);
        }
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** In the largest unit that needs no fraction. */
    @Override
    public String toString() {
        int unit = 0;
        long count = bytes;
        while (count != 0 && count % (1L << BITS_PER_UNIT) == 0 && unit < UNITS.size() - 1) {
            count >>= BITS_PER_UNIT;
            unit++;
        }
        return count + UNITS.get(unit);
    }
}
