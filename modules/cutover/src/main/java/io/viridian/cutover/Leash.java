package io.viridian.cutover;

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
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private volatile boolean released;

    private Leash(Session session, Deadline by, Clock clock) {
        this.session = session;
        this.by = by;
        this.clock = clock;
    }

    /** Until it is closed, the session's work ends soon after the deadline. */
    static Leash on(Session session, Deadline by, Clock clock) {
        Leash leash = new Leash(session, by, clock);
        Thread.ofVirtual().name("viridian-leash").start(leash::hold);
        return leash;
    }

    private void hold() {
        try {
            if (waiter.awaitUntil(() -> released, by)) {
                return;
            }
            // The request is a connection of its own and may hang like the one it is about.
            Thread.ofVirtual().name("viridian-cancel").start(session::cancel);
            if (!waiter.awaitUntil(() -> released, Deadline.after(clock, GRACE))) {
                session.abort();
            }
        } catch (InterruptedException stopped) {
            session.abort();
        }
    }

    @Override
    public void close() {
        released = true;
        waiter.wake();
    }
}
