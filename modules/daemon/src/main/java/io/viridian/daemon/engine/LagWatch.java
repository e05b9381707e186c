package io.viridian.daemon.engine;

import io.viridian.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Since when the lag has been small without interruption. Unknown lag counts as large. Guarded by itself. */
final class LagWatch {
    private final Clock clock;
    private boolean small;
    private long sinceNanoTime;

    LagWatch(Clock clock) {
        this.clock = clock;
    }

    synchronized void look(Optional<Double> lagSeconds, Duration limit) {
        boolean now = lagSeconds.filter(lag -> lag * 1000 <= limit.toMillis()).isPresent();
        if (now && !small) {
            sinceNanoTime = clock.nanoTime();
        }
        small = now;
    }

    /** How long it has been small; zero when it is not. */
    synchronized Duration smallFor() {
        return small ? clock.since(sinceNanoTime) : Duration.ZERO;
    }
}
