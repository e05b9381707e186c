package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;

/**
 * Ends the sessions of a database that began before a change of its settings was committed, because a session keeps for
 * life what it began with. Not ended are ours, those of walsenders and of the server's own workers, and, when we are no
 * superuser, those of superusers.
 *
 * <p>A session reads the settings before {@code pg_stat_activity} shows it. Until it is shown it holds a lock on its
 * database (InitPostgres, 14-18), so who holds that lock now is waited for first; then the list is complete, and no
 * clock is asked. Stateless; any thread.
 */
final class OldSessions {
    /** A session that waits for a lock or for its client ends at once; one that computes, when it looks next. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private static final String BEGINNING = """
            select pid::text from pg_locks
            where locktype = 'object' and classid = 'pg_database'::regclass and mode = 'RowExclusiveLock' and granted
              and objid = (select oid from pg_database where datname = current_database())
              and pid is not null and pid <> pg_backend_pid()
            """;

    /** What is not shown to us counts as a client, and its role as a superuser's. */
    private static final String CLIENTS = """
            from pg_stat_activity a left join pg_roles r on r.oid = a.usesysid
            where a.datname = current_database() and a.pid <> pg_backend_pid()
              and coalesce(a.backend_type, 'client backend') not in ('walsender', 'autovacuum worker', 'parallel worker')
              and coalesce(a.backend_type, '') not like 'logical replication%'
              and not starts_with(coalesce(a.application_name, ''), ? || ' ')
              and (not coalesce(r.rolsuper, true) or (select rolsuper from pg_roles where rolname = current_user))
            """;

    /** A process id alone may be given to another one. */
    private static final String NAME = "a.pid || ' ' || coalesce(a.backend_start::text, '')";

    private static final String LIST = "select " + NAME + CLIENTS;

    private static final String IDLE = LIST + " and a.state = 'idle'";

    private static final String END = """
            select count(pg_terminate_backend(a.pid)) from pg_stat_activity a
            where a.pid || ' ' || coalesce(a.backend_start::text, '') = any(?)
            """;

    private static final String LEFT = """
            select pg_catalog.format('process %s of %s (%s)', a.pid, a.usename, a.application_name) from pg_stat_activity a
            where a.pid || ' ' || coalesce(a.backend_start::text, '') = any(?)
            """;

    private OldSessions() {}

    /**
     * Ends all of them, whatever they do, and returns when they are gone. The change must be committed, and its commit
     * answered.
     *
     * @param ours what the daemon's own sessions are called, up to their purpose
     * @throws io.viridian.fault.FaultException with LOCK_TIMEOUT when some are left at the deadline; it may be called
     *     again
     */
    static void end(Session session, String ours, Deadline by) throws InterruptedException {
        Waiter waiter = new Waiter();
        List<String> beginning = session.list(BEGINNING, row -> row.text(1));
        while (!beginning.isEmpty()) {
            requireTime(session, by, "sessions that begin just now (" + String.join(", ", beginning) + ")");
            waiter.await(LOOK_EVERY);
            beginning.retainAll(session.list(BEGINNING, row -> row.text(1)));
        }
        Object old = session.list(LIST, row -> row.text(1), ours).toArray(String[]::new);
        List<String> left = ended(session, old);
        while (!left.isEmpty()) {
            requireTime(session, by, String.join(", ", left));
            waiter.await(LOOK_EVERY);
            left = ended(session, old);
        }
    }

    private static List<String> ended(Session session, Object old) {
        session.one(END, row -> row.number(1), old);
        return session.list(LEFT, row -> row.text(1), old);
    }

    private static void requireTime(Session session, Deadline by, String left) {
        if (by.expired()) {
            throw Fault.about(
                            FaultCode.LOCK_TIMEOUT,
                            session.side().text(),
                            "sessions of before did not end on "
                                    + session.side().text() + ": " + left)
                    .asException();
        }
    }

    /** Ends those that wait between two transactions, so that pools connect anew; who works is left to work. */
    static void endIdle(Session session, String ours) {
        Object idle = session.list(IDLE, row -> row.text(1), ours).toArray(String[]::new);
        session.one(END, row -> row.number(1), idle);
    }
}
