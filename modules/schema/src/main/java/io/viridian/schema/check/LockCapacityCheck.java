package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.schema.green.SchemaOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Each server has room for the locks that one transaction of ours takes. A switch locks every table at once; before it
 * {@code pg_dump} locks every table of blue, and green's schema is created, and its indexes are taken off, in one
 * transaction each, so that a crash leaves all or nothing of it.
 */
final class LockCapacityCheck implements Check {
    /**
     * What is promised (manual 14-18, section "Lock Management"); servers have a little more. Locks of the fast path
     * take nothing of it.
     */
    private static final String CAPACITY = """
            select current_setting('max_locks_per_transaction')::bigint,
                   current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint,
                   (select count(*) from pg_locks where not fastpath)
            """;

    /** Those of the migration with their partitions, which LOCK TABLE locks too. */
    private static final String TABLES = """
            with recursive ours as (
                select to_regclass(name)::oid as relation from unnest(?::text[]) name
                union
                select i.inhrelid from pg_inherits i join ours on ours.relation = i.inhparent)
            select count(relation) from ours
            """;

    /** The tables and the indexes that are taken off them. */
    private static final String TABLES_AND_INDEXES = """
            select count(distinct relation) + count(i.indexrelid)
            from unnest(?::text[]) name cross join to_regclass(name) relation
            left join pg_index i on i.indrelid = relation
            """;

    /** Locked by {@code pg_dump}. */
    private static final String DUMPED = """
            select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            """;

    /** Everything that gets a lock when it is created; a table for large values has an index of its own. */
    private static final String CREATED = """
            select count(*) + 2 * count(nullif(c.reltoastrelid, 0))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            """;

    @Override
    public String id() {
        return "lock-capacity";
    }

    /** What takes so many locks at once. */
    private record Need(String what, long locks) {}

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            Need most = needs(context, side).stream()
                    .max(Comparator.comparingLong(Need::locks))
                    .orElseThrow();
            context.on(side).query(session -> refusal(session, side, most)).ifPresent(findings::add);
        }
        return findings;
    }

    private static List<Need> needs(CheckContext context, Side side) {
        Database database = context.on(side);
        String[] tables = context.tables(side);
        List<Need> needs = new ArrayList<>();
        needs.add(new Need("a switch, which locks every table,", count(database, TABLES, (Object) tables)));
        if (context.begun()) {
            return needs;
        }
        boolean dumped = context.schema() instanceof SchemaOrigin.Blue;
        if (side == Side.GREEN) {
            needs.add(new Need(
                    "taking the indexes off before the load", count(database, TABLES_AND_INDEXES, (Object) tables)));
        }
        if (dumped && side == Side.GREEN) {
            needs.add(new Need("creating blue's schema", count(context.on(Side.BLUE), CREATED)));
        }
        if (dumped && side == Side.BLUE) {
            needs.add(new Need("pg_dump, which locks every table of the database,", count(database, DUMPED)));
        }
        return needs;
    }

    private static long count(Database database, String sql, Object... parameters) {
        return database.query(session -> session.<Long>one(sql, row -> row.number(1), parameters));
    }

    private static Optional<Finding> refusal(Session session, Side side, Need need) {
        long[] found = session.one(CAPACITY, row -> new long[] {row.number(1), row.number(2), row.number(3)});
        long perTransaction = found[0];
        long transactions = found[1];
        long taken = found[2];
        if (need.locks() <= perTransaction * transactions - taken) {
            return Optional.empty();
        }
        long enough = Math.ceilDiv(need.locks() + taken, transactions);
        return Optional.of(Finding.refused(
                side.text() + ".locks",
                "max_locks_per_transaction",
                "max_locks_per_transaction on " + side.text() + " is " + perTransaction + ", which is room for "
                        + perTransaction * transactions + " locks with " + taken + " of them taken; " + need.what()
                        + " needs " + need.locks() + " in one transaction",
                "alter system set max_locks_per_transaction = " + enough + "; -- then restart " + side.text()));
    }
}
