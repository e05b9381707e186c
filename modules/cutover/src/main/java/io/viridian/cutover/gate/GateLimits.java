package io.viridian.cutover.gate;

import io.viridian.migration.Arming;
import io.viridian.plan.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the configuration demands.
 *
 * @param lagMax {@code cutover.max-lag}
 * @param stableFor {@code cutover.stable-for}
 * @param verificationAgeMax {@code verify.max-age}
 * @param longestWriter {@code cutover.longest-writer}
 * @param writePauseBudget {@code cutover.write-pause-budget}
 * @param slotWalBytesMax {@code protect-blue.max-slot-wal}
 * @param greenSlotWalBytesMax {@code protect-green.max-slot-wal}
 * @param notBefore begin of {@code cutover.window}
 * @param notAfter end of {@code cutover.window}
 */
public record GateLimits(
        Duration lagMax,
        Duration stableFor,
        Duration verificationAgeMax,
        Duration longestWriter,
        Duration writePauseBudget,
        long slotWalBytesMax,
        long greenSlotWalBytesMax,
        Optional<Instant> notBefore,
        Optional<Instant> notAfter) {
    /** How much log our slot on a side may hold. */
    long slotWalBytesMax(Side side) {
        return side == Side.BLUE ? slotWalBytesMax : greenSlotWalBytesMax;
    }

    /** The terms of an arming in the place of the configured ones. */
    GateLimits on(Arming terms) {
        return new GateLimits(
                terms.lagMax(),
                terms.stableFor(),
                verificationAgeMax,
                longestWriter,
                writePauseBudget,
                slotWalBytesMax,
                greenSlotWalBytesMax,
                terms.notBefore(),
                terms.notAfter());
    }
}
