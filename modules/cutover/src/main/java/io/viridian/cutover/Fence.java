package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.List;

/**
 * The three connections of an attempt, opened before anything is locked, because later there may be no connection slot
 * and no time. The first holds the locks in one open transaction: when the daemon or its host dies the server ends that
 * transaction and the writers go on.
 *
 * @param locks holds the locks on the source, and commits the decision
 * @param source emits markers and looks around on the source; commits the decision where the locks have to outlast it
 * @param target emits markers and sets sequences on the target
 */
record Fence(Session locks, Session source, Session target, Clock clock) implements AutoCloseable {
    /** What the holder of the locks is called in {@code pg_stat_activity}, after the daemon's own name. */
    static final String PURPOSE = "fence";

    /** And who works beside it, and commits the decision where the locks have to outlast it. */
    static final String BESIDE = "switch";

    /** How long letting go may take before the connection is simply ended. */
    private static final Duration LET_GO = Duration.ofSeconds(1);

    /**
     * Beyond the budget, so that the daemon's own clock ends an attempt before the server does; together under a
     * second.
     */
    private static final Duration SERVER_SLACK = Duration.ofMillis(900);

    /**
     * Refused by some platforms and to some roles, and only useful, not needed: the server notices within seconds that
     * our host is gone (manual 14-18, section 20.3.2), and a deadlock with an application is ours to lose, which also
     * makes an ordinary autovacuum give way at once (section 20.12).
     */
    private static final List<String> USEFUL = List.of(
            "set tcp_keepalives_idle = 1",
            "set tcp_keepalives_interval = 1",
            "set tcp_keepalives_count = 3",
            "set tcp_user_timeout = 3000",
            "set client_connection_check_interval = 500",
            "set deadlock_timeout = 50");

    static Fence open(Database source, Database target, SwitchSettings settings, Clock clock) {
        Session locks = source.open(PURPOSE);
        try {
            Session second = source.open(BESIDE);
            try {
                Session third = target.open(BESIDE);
                Fence fence = new Fence(locks, second, third, clock);
                fence.prepare(settings);
                return fence;
            } catch (RuntimeException failure) {
                second.close();
                throw failure;
            }
        } catch (RuntimeException failure) {
            locks.close();
            throw failure;
        }
    }

    private void prepare(SwitchSettings settings) {
        for (String statement : USEFUL) {
            try {
                locks.execute(statement);
            } catch (FaultException refused) {
                if (!locks.alive()) {
                    throw refused;
                }
            }
        }
        long idleMillis = serverLimitMillis(settings.writePauseBudget());
        long lockMillis = settings.lockPatience().toMillis();
        // lock_timeout counts for each table anew; only statement_timeout bounds the whole list (manual, section
        // 20.11.1).
        locks.execute("set idle_in_transaction_session_timeout = " + idleMillis + "; set lock_timeout = " + lockMillis
                + "; set statement_timeout = " + lockMillis);
        // A marker must not wait for a standby that is not there: decoding reads what is flushed here.
        source.execute("set synchronous_commit = local; set statement_timeout = " + idleMillis);
        target.execute("set synchronous_commit = local; set statement_timeout = " + idleMillis);
    }

    /**
     * The locks are held: from here on the budget limits what is done, no longer the patience for locks. The server
     * counts a session's idleness anew after each of its statements, so it is told what is left before each stretch of
     * them: then a daemon that stands still anywhere keeps the writers waiting no longer than the budget and a second.
     */
    void limit(Deadline budget) {
        limit(locks, budget);
    }

    /** The same for another transaction of the attempt. */
    void limit(Session session, Deadline budget) {
        long millis = serverLimitMillis(budget.remaining());
        session.execute("set local statement_timeout = " + millis + "; set local idle_in_transaction_session_timeout = "
                + millis);
    }

    private static long serverLimitMillis(Duration budget) {
        return budget.plus(SERVER_SLACK).toMillis();
    }

    /** Lets go: the locks are gone when this returns or, behind a broken network, when the server notices. */
    @Override
    public void close() {
        Deadline by = Deadline.after(clock, LET_GO);
        for (Session session : List.of(locks, source, target)) {
            try (Leash _ = Leash.ending(session, by, clock)) {
                session.close();
            }
        }
    }
}
