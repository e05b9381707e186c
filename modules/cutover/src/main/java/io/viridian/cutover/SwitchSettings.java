package io.viridian.cutover;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a switch is carried out.
 *
 * @param migration names the rows and the token
 * @param writePauseBudget hard limit from the fence to the commit point
 * @param lockTimeout how long one attempt to lock all tables may wait; writers queue behind it meanwhile
 * @param lockAttempts how often the locks are asked for before the switch is given up
 * @param sequenceHeadroom values of each sequence that are skipped at least
 * @param closing by what blue is closed
 * @param idleWriters who may be ended when the fence waits for them
 * @param laneReady how long the opening waits for the other direction's lane to change over
 * @param daemonEpoch the epoch of the lease that this daemon holds now
 */
public record SwitchSettings(
        String migration,
        Duration writePauseBudget,
        Duration lockTimeout,
        int lockAttempts,
        long sequenceHeadroom,
        Closing closing,
        IdleWriters idleWriters,
        Duration laneReady,
        LongSupplier daemonEpoch) {
    /** Long enough for ordinary transactions to end, short enough that clients notice no more than a hiccup. */
    public static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

    /** With a jittered pause between them, a minute's worth of chances for a quiet moment is not needed: five are. */
    public static final int LOCK_ATTEMPTS = 5;

    /** Calls of nextval() while the tables are locked are not stopped; a thousand are more than a pause can see. */
    public static final long SEQUENCE_HEADROOM = 1000;

    /** A lane that must connect to a server that does not answer gives up after 10 s; this is a little more. */
    public static final Duration LANE_READY = Duration.ofSeconds(12);

    public SwitchSettings {
        if (!writePauseBudget.isPositive() || !lockTimeout.isPositive() || lockAttempts < 1 || sequenceHeadroom < 0) {
            throw new IllegalArgumentException("not switch settings: budget " + writePauseBudget + ", lock timeout "
                    + lockTimeout + ", attempts " + lockAttempts + ", headroom " + sequenceHeadroom);
        }
    }

    /** Everything as is usual, with the budget of the configuration. */
    public static SwitchSettings usual(
            String migration,
            Duration writePauseBudget,
            Closing closing,
            IdleWriters idleWriters,
            LongSupplier daemonEpoch) {
        return new SwitchSettings(
                migration,
                writePauseBudget,
                LOCK_TIMEOUT,
                LOCK_ATTEMPTS,
                SEQUENCE_HEADROOM,
                closing,
                idleWriters,
                LANE_READY,
                daemonEpoch);
    }

    /** The time one attempt to lock may take: never more than the pause may last. */
    Duration lockPatience() {
        return lockTimeout.compareTo(writePauseBudget) < 0 ? lockTimeout : writePauseBudget;
    }
}
