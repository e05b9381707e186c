package io.viridian.time;

import java.time.Duration;

/** A moment after which waiting stops, measured on the monotonic clock. Immutable; any thread. */
public final class Deadline {
    private final Clock clock;
    private final long endNanoTime;

    private Deadline(Clock clock, long endNanoTime) {
        this.clock = clock;
        this.endNanoTime = endNanoTime;
    }

    public static Deadline after(Clock clock, Duration duration) {
        return new Deadline(clock, clock.nanoTime() + duration.toNanos());
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanoTime - clock.nanoTime()));
    }

    public boolean expired() {
        return endNanoTime - clock.nanoTime() <= 0;
    }

    /** The smaller of what is left and {@code most}: the time one step of a longer wait may take. */
    public Duration remainingUpTo(Duration most) {
        Duration left = remaining();
        return left.compareTo(most) < 0 ? left : most;
    }
}
