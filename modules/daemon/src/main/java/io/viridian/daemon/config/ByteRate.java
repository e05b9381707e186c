package io.viridian.daemon.config;

/** Bytes per second, written {@code 100MiB/s}. */
public record ByteRate(ByteSize perSecond) implements Comparable<ByteRate> {
    private static final String SUFFIX = "/s";

    public ByteRate {
        if (perSecond.bytes() == 0) {
            throw new IllegalArgumentException("a rate of nothing would never end");
        }
    }

    /**
     * Reads {@code 100MiB/s}.
     *
     * @throws IllegalArgumentException when the text is no size followed by {@code /s}, or zero
     */
    public static ByteRate parse(String text) {
        if (!text.endsWith(SUFFIX)) {
            throw new IllegalArgumentException("not a rate");
        }
        return new ByteRate(ByteSize.parse(text.substring(0, text.length() - SUFFIX.length())));
    }

    public long bytesPerSecond() {
        return perSecond.bytes();
    }

    @Override
    public int compareTo(ByteRate other) {
        return perSecond.compareTo(other.perSecond);
    }

    @Override
    public String toString() {
        return perSecond + SUFFIX;
    }
}
