package io.viridian.migration;

import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.Map;

/**
 * Moves ownership from one side to the other, step by step. The conductor journals the intent, then calls
 * {@link #perform}. The conductor's thread only.
 */
public interface Switchover {
    /**
     * Performs one step of an attempt. Performing a step from COMMIT on again, after a crash, is safe.
     *
     * @throws io.viridian.fault.FaultException when it failed; up to REVERSE the conductor then calls {@link #undo}
     * @throws io.viridian.fault.Ambiguity when the answer of the deciding commit was lost: {@link #resolve} finds out
     */
    void perform(Direction direction, SwitchStep step, SwitchAttempt attempt) throws InterruptedException;

    /** Undoes whatever FENCE to REVERSE did; writers go on. Also after a crash, when the locks are gone already. */
    void undo(Direction direction, SwitchAttempt attempt) throws InterruptedException;

    /** Reads on the fenced side whether the deciding commit of this attempt happened; waits for the side to answer. */
    Decision resolve(Direction direction, SwitchAttempt attempt) throws InterruptedException;

    /** How long writers were kept waiting by the last attempt, as far as this process can tell. */
    Duration writePause();

    /** The time each step of the last attempt took, in order. */
    Map<SwitchStep, Duration> durations();

    /** What the ownership rows say about an attempt. */
    enum Decision {
        /** The commit point was not passed: the old owner still owns. */
        NOT_SWITCHED,
        /** The commit point was passed: only forward. */
        SWITCHED
    }
}
