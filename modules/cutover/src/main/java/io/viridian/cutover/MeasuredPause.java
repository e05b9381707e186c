package io.viridian.cutover;

import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a rehearsal or a switch was measured to cost, and what it had to do.
 *
 * @param at when it ended
 * @param rehearsed whether it was undone before the commit point, on purpose
 * @param writePause how long writers were kept waiting
 * @param steps the time of each step
 * @param rows that VERIFY compared by their keys; zero when that was not kept
 */
public record MeasuredPause(
        Instant at,
        boolean rehearsed,
        Direction direction,
        Duration writePause,
        Map<SwitchStep, Duration> steps,
        long rows) {
    public MeasuredPause {
        steps = Map.copyOf(steps);
    }

    /** What a step took; nothing for one that was not taken. */
    public Duration of(SwitchStep step) {
        return steps.getOrDefault(step, Duration.ZERO);
    }

    /** What the writers waited for the locks, which is what no other step has taken of the pause. */
    public Duration locks() {
        Duration others = Duration.ZERO;
        for (SwitchStep step : SwitchStep.values()) {
            // The fence begins before anybody waits, and when the routes are set nobody waits any more.
            if (step != SwitchStep.FENCE && step != SwitchStep.ROUTE) {
                others = others.plus(of(step));
            }
        }
        Duration rest = writePause.minus(others);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    /** For people. */
    public String words() {
        return (rehearsed ? "rehearsed at " : "switched at ") + at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    }
}
