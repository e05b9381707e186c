package io.viridian.cutover;

import io.viridian.migration.SwitchStep;
import java.time.Duration;
import java.util.Map;

/**
 * What a switch up to the commit point, then undone, has cost.
 *
 * @param writePause how long writers were kept waiting
 * @param durations the time of each step, in order
 */
public record Rehearsal(Duration writePause, Map<SwitchStep, Duration> durations) {
    public Rehearsal {
        durations = Map.copyOf(durations);
    }
}
