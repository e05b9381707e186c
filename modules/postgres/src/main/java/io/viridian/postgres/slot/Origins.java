package io.viridian.postgres.slot;

import io.viridian.fault.FaultException;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;

/**
 * Replication origins: the tags that tell our own writes from the application's (manual 14-18, chapter 50). They belong
 * to the whole cluster, so their names carry the migration's. Stateless; any thread.
 */
public final class Origins {
    /** In use: the session that held it has not ended yet. */
    private static final String IN_USE = "55006";

    private Origins() {}

    public static void create(Session session, String origin) {
        if (!exists(session, origin)) {
            session.list("select pg_replication_origin_create(?)", row -> true, origin);
        }
    }

    public static boolean exists(Session session, String origin) {
        return session.first("select 1 from pg_replication_origin where roname = ?", row -> true, origin)
                .isPresent();
    }

    /** Drops the origin if it is there; waits for a session of ours that is just ending. */
    public static void drop(Database database, String origin, Duration patience) throws InterruptedException {
        Deadline by = Deadline.after(Clock.system(), patience);
        Waiter waiter = new Waiter();
        while (true) {
            try {
                database.run(session -> session.list(
                        "select pg_replication_origin_drop(roname) from pg_replication_origin where roname = ?",
                        row -> true,
                        origin));
                return;
            } catch (FaultException failure) {
                if (!failure.fault().sqlState().equals(IN_USE) || by.expired()) {
                    throw failure;
                }
                waiter.await(Duration.ofMillis(20));
            }
        }
    }
}
