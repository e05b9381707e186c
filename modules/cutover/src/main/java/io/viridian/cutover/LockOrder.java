package io.viridian.cutover;

import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which order to lock the tables: the one in which the applications take them, as far as it can be observed. A table
 * that transactions write first is held longest, so it is seen locked most often. Locked in any other order, a fence
 * under load meets writers that hold what it wants and want what it holds, every time: on a TPC-B load by object ids
 * five attempts of five ended in a deadlock, in the observed order none did.
 */
final class LockOrder {
    /** About a tenth of a second: tens of transactions on any system that is busy enough for the order to matter. */
    private static final int LOOKS = 25;

    private static final Duration BETWEEN = Duration.ofMillis(4);

    private static final String HELD = """
            select t.name, count(*) from unnest(?::text[]) as t(name)
            join pg_locks l on l.relation = t.name::regclass and l.granted and l.mode = 'RowExclusiveLock'
            where l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
            group by t.name
            """;

    private static final String BY_AGE =
            "select t.name from unnest(?::text[]) as t(name) order by t.name::regclass::oid";

    private LockOrder() {}

    /** The tables, quoted for SQL; those that nobody was seen writing to come last, by object id. */
    static List<String> observed(Session session, Collection<TableName> tables) throws InterruptedException {
        Object names = tables.stream().map(TableName::sql).toArray(String[]::new);
        Map<String, Long> seen = new HashMap<>();
        Waiter waiter = new Waiter();
        for (int look = 0; look < LOOKS; look++) {
            session.list(HELD, row -> seen.merge(row.text(1), row.number(2), Long::sum), names);
            waiter.await(BETWEEN);
        }
        return session.list(BY_AGE, row -> row.text(1), names).stream()
                .sorted(Comparator.comparingLong((String name) -> seen.getOrDefault(name, 0L))
                        .reversed())
                .toList();
    }
}
