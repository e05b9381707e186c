package io.viridian.verification;

import io.viridian.fault.FaultException;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * ACCESS SHARE locks on the tables of one side. They keep TRUNCATE out, which empties a table for older snapshots too
 * (manual 14-18, section 13.6), and changes of a table's shape.
 *
 * <p>A guard locks everything before the snapshot exists. The readers lock everything again for themselves, for a
 * reader that asks for a lock only when it comes to the table would queue up behind a TRUNCATE that waits for the
 * guard. In the readers each lock sits on a savepoint, the table that is read first on top: rolling back to a savepoint
 * is the one way to give up locks before the end of a transaction (manual 14-18, section 13.3), so no table stays
 * locked longer than until the readers have passed it.
 *
 * @param steps the tables that are read together, in the order in which they are read
 * @param patience how long one lock may be waited for
 */
record TableLocks(ServerFacts facts, List<List<TableName>> steps, Duration patience) {
    /** lock_not_available: lock_timeout has passed (manual 14-18, appendix A). */
    private static final String LOCK_TIMEOUT = "55P03";

    private static final String HOLDERS = """
            select distinct l.pid from pg_locks l
            where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is not null
              and l.database = (select oid from pg_database where datname = current_database())
            order by 1
            """;

    TableLocks {
        steps = List.copyOf(steps);
    }

    /** Locks all tables until the transaction ends. Takes no snapshot (manual 14-18, LOCK). */
    void guard(Database database, Session session) {
        if (!steps.isEmpty()) {
            List<TableName> all =
                    steps.stream().flatMap(Collection::stream).distinct().toList();
            lock(database, session, "; " + lock(all));
        }
    }

    /** Locks all tables so that {@link #passBefore} can give them up one after the other. */
    void stack(Database database, Session session) {
        StringBuilder sql = new StringBuilder();
        for (int index = steps.size() - 1; index >= 0; index--) {
            sql.append("; savepoint ").append(savepoint(index));
            sql.append("; ").append(lock(steps.get(index)));
        }
        lock(database, session, sql.toString());
    }

    /** Gives up the locks of all steps before this one, and with them whatever a comparison has left behind. */
    void passBefore(int index, Session session) {
        String pass = index > 0 ? "rollback to savepoint " + savepoint(index - 1) + "; " : "";
        // What is still locked on the way, an index that is being built anew, is worth waiting for.
        session.execute(pass + "set local lock_timeout = 0");
    }

    private String lock(List<TableName> some) {
        return some.stream()
                .map(facts::relation)
                .collect(Collectors.joining(", ", "lock table ", " in access share mode"));
    }

    private static String savepoint(int index) {
        return "viridian_" + index;
    }

    private void lock(Database database, Session session, String sql) {
        try {
            session.execute("set local lock_timeout = " + patience.toMillis() + sql);
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(LOCK_TIMEOUT)) {
                throw failure;
            }
            throw new PairDelayed(
                    "a table on " + database.side().text() + " could not be locked within " + patience.toMillis()
                            + " ms; exclusive locks are held or awaited by " + holders(database),
                    failure);
        }
    }

    private static String holders(Database database) {
        List<Long> pids = database.query(session -> session.list(HOLDERS, row -> row.number(1)));
        return pids.isEmpty()
                ? "nobody any more"
                : pids.stream().map(pid -> "pid " + pid).collect(Collectors.joining(", "));
    }
}
