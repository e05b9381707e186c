package io.viridian.replication.lane;

import io.viridian.position.Lsn;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Lets the lane stand still at a transaction boundary. At most one hold at a time. A hold whose holder forgets it ends
 * by itself at its deadline: a lane must not stand still because a verifier died.
 */
final class HoldGate {
    private final Waiter changed = new Waiter();
    private @Nullable Deadline until;
    private @Nullable Lsn point;
    private boolean still;

    synchronized boolean request(Deadline by) {
        if (until != null) {
            return false;
        }
        until = by;
        point = null;
        still = false;
        return true;
    }

    /** Lets the lane go on up to this position. */
    synchronized void moveTo(Lsn before) {
        point = before;
        still = false;
        changed.wake();
    }

    synchronized void release() {
        until = null;
        point = null;
        still = false;
        changed.wake();
    }

    /** Whether the lane must not begin a transaction whose commit record starts here. */
    synchronized boolean blocks(Lsn commitLsn) {
        Deadline by = until;
        if (by == null) {
            return false;
        }
        if (by.expired()) {
            release();
            return false;
        }
        return point == null || !commitLsn.isBefore(point);
    }

    /** The lane stands still here; not when it was told to go on in the meantime. */
    synchronized void standing(Lsn at) {
        if (!still && blocks(at)) {
            still = true;
            changed.wake();
        }
    }

    synchronized boolean isStill() {
        return still;
    }

    boolean awaitStill(Deadline by) throws InterruptedException {
        return changed.awaitUntil(this::isStill, by);
    }

    Waiter changes() {
        return changed;
    }
}
