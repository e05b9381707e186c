package io.viridian.time;

import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until it is moved; for the tests of every module. Any thread. */
public final class SettableClock implements Clock {
    /** Far from zero and close to where a signed 64-bit counter turns over, as a machine's own may be. */
    private static final long ANYWHERE = Long.MAX_VALUE - 1_000;

    private Instant now = Instant.parse("2026-11-20T02:00:00Z");
    private long nanoTime = ANYWHERE;

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanoTime() {
        return nanoTime;
    }

    /** Lets time pass. */
    public synchronized void pass(Duration time) {
        now = now.plus(time);
        nanoTime += time.toNanos();
    }

    /** Somebody corrects the wall clock; no time passes. */
    public synchronized void setWallClock(Instant corrected) {
        now = corrected;
    }
}
