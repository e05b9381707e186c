package io.viridian.replication.backfill;

import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.OptionalLong;

/** Spreads bytes over time: whoever is ahead of the allowed rate waits. Shared by all workers. */
final class RateLimit {
    private final Clock clock;
    private final OptionalLong bytesPerSecond;
    private final Waiter waiter = new Waiter();
    private long nextNanoTime;

    RateLimit(Clock clock, OptionalLong bytesPerSecond) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        this.nextNanoTime = clock.nanoTime();
    }

    void spend(long bytes) {
        if (bytesPerSecond.isEmpty()) {
            return;
        }
        long waitNanos;
        synchronized (this) {
            long now = clock.nanoTime();
            nextNanoTime =
                    Math.max(nextNanoTime, now) + bytes * 1_000_000_000L / Math.max(1, bytesPerSecond.getAsLong());
            waitNanos = nextNanoTime - now;
        }
        try {
            waiter.await(Duration.ofNanos(waitNanos));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
