package io.viridian.feed;

import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.time.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One ordered lane of changes, from the source of its direction to the target, as others see it: they may look, wait
 * for a marker, hold it still at an exact point, and say whether it applies or only watches. Safe for any thread.
 */
public interface Lane {
    Direction direction();

    LaneStatus status();

    /**
     * Waits until the marker with this nonce has come through the stream and everything before it is committed on the
     * target. The caller emits the marker; a nonce never seen before the deadline is a fault.
     *
     * @return the marker's position in the source's log
     * @throws io.viridian.fault.FaultException with DRAIN_TIMEOUT at the deadline, or with the fault that stopped
     *     the lane
     */
    Lsn awaitMarker(String nonce, Deadline by) throws InterruptedException;

    /**
     * Stops committing on the target at a transaction boundary, until the hold is closed. Reading goes on, bounded.
     *
     * @throws io.viridian.fault.FaultException at the deadline, or with the fault that stopped
     *     the lane
     */
    Hold hold(Deadline by) throws InterruptedException;

    /**
     * The keys of rows committed on the target that are not proven to be equal, per source table, or empty when there
     * were too many to remember, or nothing was proven yet. Keys are the values of {@code Route.sourceKey()} in text
     * form.
     */
    Optional<Map<TableName, List<List<String>>>> touched();

    /**
     * Called at the exact point of a verification that is about to compare everything: what is touched from here on is
     * kept apart from what was touched before, which stays to be compared until the verification has ended well.
     */
    void markTouched();

    /** Both sides agreed at the last {@link #markTouched}: what was touched before it is forgotten. */
    void forgetMarked();

    /** How many keys {@link #touched} holds now at most, or empty when it is. */
    OptionalInt touchedKeys();

    /**
     * Answers {@link #touched} and starts remembering anew, in the same moment; called at the exact point of a
     * comparison of just these rows. When the answer is empty nothing changes.
     */
    Optional<Map<TableName, List<List<String>>>> takeTouched();

    /** Remembers these as touched besides: they were taken, and are not proven to be equal after all. */
    void touch(Map<TableName, List<List<String>>> keys);

    /**
     * Lets a lane that watches make ready what it needs to apply, so that {@link #apply} takes effect at once. Returns
     * before that is done; what fails is done again by {@link #apply}.
     */
    void prepareToApply();

    /** Applies what comes from here on, starting with transactions whose commit is at or after {@code from}. */
    void apply(Lsn from);

    /** Only watches: transactions that are not ours are counted as foreign writes, nothing is applied. */
    void watch();

    /** Stops, confirms nothing more, closes its connections; idempotent. */
    void stop() throws InterruptedException;

    /** A lane that stands still. Closing it lets the lane go on. */
    interface Hold extends AutoCloseable {
        /**
         * Applies exactly the transactions whose commit record lies before {@code point}, and stands still again.
         *
         * @throws io.viridian.fault.FaultException at the deadline
         */
        void applyBefore(Lsn point, Deadline by) throws InterruptedException;

        @Override
        void close();
    }
}
