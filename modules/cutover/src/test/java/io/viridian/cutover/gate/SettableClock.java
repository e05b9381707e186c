package io.viridian.cutover.gate;

import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time passes when the test says so. */
final class SettableClock implements Clock {
    private Instant now = Instant.parse("2026-12-01T02:00:00Z");
    private long nanos = 1_000_000_000L;

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    synchronized void pass(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }
}
