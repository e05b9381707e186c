package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;

/**
 * Holds what a session does on a deadline, whatever the network does: first the server is asked to cancel, which ends a
 * wait for a lock or for a standby; when even that gets no answer the connection is ended from this side. A commit that
 * is cancelled while it waits for a standby has happened (manual 14-18, section 20.5.1, synchronous_commit).
 */
final class Leash implements AutoCloseable {
    /** Two round trips on a slow network: one for the cancel request, one for the answer it provokes. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Session session;
    private final Deadline by;
    private final Duration grace;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private volatile boolean released;

    private Leash(Session session, Deadline by, Duration grace, Clock clock) {
        this.session = session;
        this.by = by;
        this.grace = grace;
        this.clock = clock;
    }

    /** Until it is closed, the session's work ends soon after the deadline. */
    static Leash on(Session session, Deadline by, Clock clock) {
        return new Leash(session, by, GRACE, clock).started();
    }

    /** The same for letting go of a session: nothing it does is worth cancelling, at the deadline it is ended. */
    static Leash ending(Session session, Deadline by, Clock clock) {
        return new Leash(session, by, Duration.ZERO, clock).started();
    }

    private Leash started() {
        Thread.ofVirtual().name("viridian-leash").start(this::hold);
        return this;
    }

    private void hold() {
        try {
            if (waiter.awaitUntil(() -> released, by)) {
                return;
            }
            if (grace.isPositive()) {
                // The request is a connection of its own and may hang like the one it is about.
                Thread.ofVirtual().name("viridian-cancel").start(this::cancel);
            }
            if (!waiter.awaitUntil(() -> released, Deadline.after(clock, grace))) {
                session.abort();
            }
        } catch (InterruptedException stopped) {
            session.abort();
        }
    }

    private void cancel() {
        try {
            session.cancel();
        } catch (FaultException closed) {
            // What was to be cancelled has ended by itself in the meantime.
            released = true;
        }
    }

    @Override
    public void close() {
        released = true;
        waiter.wake();
    }
}
