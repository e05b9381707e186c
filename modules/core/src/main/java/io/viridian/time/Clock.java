package io.viridian.time;

import java.time.Duration;
import java.time.Instant;

/** Where time comes from. Implementations are safe for any thread. */
public interface Clock {
    /** The wall clock, for display and for windows given as calendar times; it may jump. */
    Instant now();

    /** A monotonic reading in nanoseconds with an arbitrary origin, for durations and deadlines. */
    long nanoTime();

    /** The time passed since an earlier reading of {@link #nanoTime()}. */
    default Duration since(long earlierNanoTime) {
        return Duration.ofNanos(nanoTime() - earlierNanoTime);
    }

    /** The machine's own clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
