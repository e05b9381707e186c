package io.viridian.cutover.hook;

import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.Set;

/**
 * One hook of the configuration.
 *
 * @param directions of the switches that it is run in
 * @param timeout for each time it is run
 * @param every how often it is asked, where it is a gate
 */
public record Hook(
        String name,
        HookMoment moment,
        Set<Direction> directions,
        HookAction action,
        Duration timeout,
        Duration every) {
    public Hook {
        directions = Set.copyOf(directions);
    }

    /** The gate's id; also what faults are about. */
    public String id() {
        return "hook." + name;
    }

    boolean isFor(HookMoment when, Direction direction) {
        return moment.equals(when) && directions.contains(direction);
    }

    /** As it is told to people. */
    String called() {
        return id() + " (" + moment.text() + ")";
    }

    /** What the operator calls a direction. */
    public static String word(Direction direction) {
        return direction == Direction.FORWARD ? "cutover" : "rollback";
    }
}
