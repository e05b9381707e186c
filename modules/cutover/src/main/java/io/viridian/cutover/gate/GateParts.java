package io.viridian.cutover.gate;

import io.viridian.cutover.Closing;
import io.viridian.cutover.traffic.Traffic;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;
import java.util.function.Function;

/**
 * What gates are read with.
 *
 * @param slot the name of a direction's replication slot on its source
 * @param sequenceHeadroom as the switch itself uses
 * @param closing by what blue is closed
 */
public record GateParts(
        Database blue,
        Database green,
        Plan plan,
        Traffic traffic,
        GateLimits limits,
        Function<Direction, String> slot,
        long sequenceHeadroom,
        Closing closing,
        Clock clock) {
    Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }
}
