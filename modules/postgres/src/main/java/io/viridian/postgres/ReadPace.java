package io.viridian.postgres;

/**
 * How long a stream is left alone after each reading from the network, so that more of it comes at once. One thread.
 *
 * <p>While the reader keeps up, the server's every {@code send} becomes a packet of its own, whose way through the
 * kernel costs it more than decoding the change. What gathers while nobody reads, beyond what may be under way
 * unanswered, goes in few large packets. So the pause grows with every portion for as long as much arrives, and is
 * short again as soon as little does: a change by itself never waits longer than {@link #SHORTEST_NANOS}.
 */
final class ReadPace {
    static final long SHORTEST_NANOS = 500_000;
    static final long LONGEST_NANOS = 20_000_000;

    /** A stream that brings more than this, in bytes a second, is better read in large portions. */
    static final long MUCH = 4_000_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private long pauseNanos = SHORTEST_NANOS;
    private long portionBegan;
    private long portionBytes;
    private long readAt;

    ReadPace(long nowNanos) {
        portionBegan = nowNanos;
        readAt = nowNanos - SHORTEST_NANOS;
    }

    /** Whether nothing is to be read yet. */
    boolean pauses(long nowNanos) {
        return nowNanos - readAt < pauseNanos;
    }

    /** After a pause, before what has gathered in it is read. */
    void portionBegins(long nowNanos) {
        if (portionBytes == 0) {
            return;
        }
        double perSecond = portionBytes * NANOS_PER_SECOND / Math.max(1, nowNanos - portionBegan);
        pauseNanos = perSecond > MUCH ? Math.min(2 * pauseNanos, LONGEST_NANOS) : SHORTEST_NANOS;
        portionBegan = nowNanos;
        portionBytes = 0;
    }

    void read(int bytes, long nowNanos) {
        portionBytes += bytes;
        readAt = nowNanos;
    }
}
