package io.viridian.verification;

import io.viridian.time.Backoff;
import java.time.Duration;

/**
 * How far a verification may go.
 *
 * @param tables how many tables are compared at the same time; each takes one session on either side
 * @param slotPatience how long the temporary slot may wait for running writers, and so how long the lane may stand
 *     still for nothing
 * @param lockPatience how long one ACCESS SHARE lock may be waited for
 * @param attempts how often an exact pair is tried for
 * @param strongest the strongest kind of row hash to use; a weaker one is taken where the servers disagree
 */
public record VerifyLimits(
        int tables, Duration slotPatience, Duration lockPatience, Backoff attempts, HashTier strongest) {
    /**
     * Two tables keep a small server busy on both sides without pushing its users aside. Five seconds outlast ordinary
     * transactions, and a lane that stood still for so long catches up in less. Half a second is below the usual
     * deadlock_timeout of one second, so that in a deadlock we give way and not the application.
     */
    public static final VerifyLimits DEFAULT = new VerifyLimits(
            2,
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 5),
            HashTier.RECORD);

    public VerifyLimits {
        if (tables < 1 || !slotPatience.isPositive() || !lockPatience.isPositive()) {
            throw new IllegalArgumentException(
                    "not limits: " + tables + " tables, " + slotPatience + ", " + lockPatience);
        }
    }

    /** The same limits with at most this kind of row hash. */
    public VerifyLimits withStrongest(HashTier tier) {
        return new VerifyLimits(tables, slotPatience, lockPatience, attempts, tier);
    }
}
