package io.viridian.cutover;

import io.viridian.cutover.traffic.Traffic;
import io.viridian.fault.Failpoints;
import io.viridian.feed.Lane;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.proof.Verifier;
import io.viridian.time.Clock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a switch works with.
 *
 * @param forward the lane from blue to green, as it is now: a lane may have been made anew since the last switch
 * @param reverse the lane back; never asked for when the plan is not reversible
 * @param publication the name of what the source of a direction publishes
 * @param laneReady whether a lane works in the mode it was last told, with its stream open
 */
public record SwitchParts(
        Database blue,
        Database green,
        Supplier<Lane> forward,
        Supplier<Lane> reverse,
        Predicate<Lane> laneReady,
        Verifier verifier,
        Plan plan,
        Traffic traffic,
        Function<Direction, String> publication,
        SwitchSettings settings,
        Failpoints failpoints,
        Clock clock) {
    Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    /** The lane that feeds the target of the direction. */
    Lane lane(Direction direction) {
        return direction == Direction.FORWARD ? forward.get() : reverse.get();
    }

    Guard guard() {
        return Guard.between(settings.migration(), blue, green);
    }
}
