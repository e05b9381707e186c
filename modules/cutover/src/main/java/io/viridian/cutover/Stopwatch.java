package io.viridian.cutover;

import io.viridian.migration.SwitchStep;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** How long writers wait and steps take, for the attempt that runs or ran last. Any thread. */
final class Stopwatch {
    private final Clock clock;
    private final Map<SwitchStep, Duration> durations = new EnumMap<>(SwitchStep.class);
    private boolean waiting;
    private long since;
    private Duration paused = Duration.ZERO;

    Stopwatch(Clock clock) {
        this.clock = clock;
    }

    synchronized void begin() {
        durations.clear();
        waiting = false;
        paused = Duration.ZERO;
    }

    /** Writers begin to wait, counted from the request for the locks, or no longer wait. */
    synchronized void waiting(boolean now) {
        if (now && !waiting) {
            since = clock.nanoTime();
            paused = Duration.ZERO;
        } else if (!now && waiting) {
            paused = clock.since(since);
        }
        waiting = now;
    }

    synchronized void took(SwitchStep step, Duration duration) {
        durations.put(step, duration);
    }

    synchronized Duration paused() {
        return waiting ? clock.since(since) : paused;
    }

    synchronized Map<SwitchStep, Duration> durations() {
        return new EnumMap<>(durations);
    }
}
