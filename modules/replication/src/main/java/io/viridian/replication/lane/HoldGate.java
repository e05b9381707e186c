package io.viridian.replication.lane;

import io.viridian.position.Lsn;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets the lane stand still at a transaction boundary. At most one hold at a time, known by its ticket: what is asked
 * with an older ticket changes nothing. A hold whose holder forgets it ends by itself at its deadline: a lane must not
 * stand still because a verifier died. Any thread.
 */
final class HoldGate {
    private final Waiter changed = new Waiter();
    private @Nullable Ticket current;

    /** One hold, from its request to its release. */
    static final class Ticket {
        private final Deadline until;
        private @Nullable Lsn point;
        private boolean still;

        private Ticket(Deadline until) {
            this.until = until;
        }
    }

    /** Asks the lane to stand still; empty while another hold lasts. */
    synchronized Optional<Ticket> request(Deadline by) {
        if (current != null && !current.until.expired()) {
            return Optional.empty();
        }
        Ticket ticket = new Ticket(by);
        current = ticket;
        changed.wake();
        return Optional.of(ticket);
    }

    /**
     * Lets the lane go on up to this position.
     *
     * @return false when the hold has ended
     */
    synchronized boolean moveTo(Ticket ticket, Lsn before) {
        if (!lasts(ticket)) {
            return false;
        }
        ticket.point = before;
        ticket.still = false;
        changed.wake();
        return true;
    }

    synchronized void release(Ticket ticket) {
        if (current == ticket) {
            releaseAny();
        }
    }

    /** Ends whatever hold there is. */
    synchronized void releaseAny() {
        current = null;
        changed.wake();
    }

    /** Whether this hold still holds the lane, or will. */
    synchronized boolean lasts(Ticket ticket) {
        return current == ticket && !ticket.until.expired();
    }

    /** Whether anybody holds the lane, or is about to. */
    synchronized boolean held() {
        return current != null && !current.until.expired();
    }

    /** Whether the lane must not begin a transaction whose commit record starts here. */
    synchronized boolean blocks(Lsn commitLsn) {
        Ticket ticket = current;
        if (ticket == null) {
            return false;
        }
        if (ticket.until.expired()) {
            releaseAny();
            return false;
        }
        return ticket.point == null || !commitLsn.isBefore(ticket.point);
    }

    /** The lane stands still here; not when it was told to go on in the meantime. */
    synchronized void standing(Lsn at) {
        Ticket ticket = current;
        if (ticket != null && !ticket.still && blocks(at)) {
            ticket.still = true;
            changed.wake();
        }
    }

    synchronized boolean isStill(Ticket ticket) {
        return lasts(ticket) && ticket.still;
    }

    boolean awaitStill(Ticket ticket, Deadline by) throws InterruptedException {
        return changed.awaitUntil(() -> isStill(ticket) || !lasts(ticket), by);
    }

    Waiter changes() {
        return changed;
    }
}
