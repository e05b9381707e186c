package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import java.util.List;

/**
 * Prepared transactions on blue: the slot is created only after every one of the cluster has ended, and one that holds
 * our tables would hold up the fence for ever (manual 14-18, PREPARE TRANSACTION, and section 54.16).
 */
final class PreparedTransactionCheck implements Check {
    /**
     * Its locks carry no process. What else ties them to it depends on the server: the manual joins '-1/' and the
     * transaction's id, 15.18 shows the virtual transaction that prepared it. Its lock on its own id has the same.
     */
    private static final String PREPARED = """
            select x.gid, x.owner, x.database, extract(epoch from clock_timestamp() - x.prepared)::bigint,
                   coalesce((select string_agg(distinct l.relation::regclass::text, ', ') from pg_locks l
                             join pg_locks own on own.virtualtransaction = l.virtualtransaction
                             where own.locktype = 'transactionid' and own.transactionid = x.transaction
                               and own.pid is null and l.pid is null and l.locktype = 'relation'
                               and x.database = current_database()
                               and l.relation in (select to_regclass(name) from unnest(?::text[]) name)), '')
            from pg_prepared_xacts x order by x.prepared
            """;

    @Override
    public String id() {
        return "prepared-transactions";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        return context.on(Side.BLUE)
                .query(session ->
                        session.list(PREPARED, PreparedTransactionCheck::finding, (Object) context.tables(Side.BLUE)));
    }

    private static Finding finding(Row row) {
        String gid = row.text(1);
        String what = "prepared transaction '" + gid + "' of " + row.text(2) + " in database " + row.text(3) + " is "
                + row.number(4) + " seconds old";
        String fix = "commit prepared " + Sql.literal(gid) + "; -- or rollback prepared; in database " + row.text(3);
        String tables = row.text(5);
        return tables.isEmpty()
                ? Finding.warning(
                        "blue.prepared-transaction", gid, what + "; the slot cannot be created until it has ended", fix)
                : Finding.refused("blue.prepared-transaction", gid, what + " and holds locks on " + tables, fix);
    }
}
