package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * No trigger or rule of a table we write to fires for rows that we apply: it would change them, or do its work a second
 * time (manual 14-18, ALTER TABLE, ENABLE ALWAYS and REPLICA TRIGGER). Our own guards are the exception.
 */
final class FiringTriggerCheck implements Check {
    private static final String FIRING = """
            with tables as (
                select c.oid, n.nspname, c.relname from unnest(?::text[]) name
                join pg_class r on r.oid = to_regclass(name)
                join pg_class c on c.oid = r.oid or c.oid in (select relid from pg_partition_tree(r.oid))
                join pg_namespace n on n.oid = c.relnamespace)
            select quote_ident(nspname) || '.' || quote_ident(relname), 'trigger', t.tgname, t.tgenabled = 'A'
            from tables join pg_trigger t on t.tgrelid = tables.oid
            join pg_proc p on p.oid = t.tgfoid
            where t.tgenabled in ('A', 'R') and not t.tgisinternal
              and p.pronamespace is distinct from to_regnamespace('viridian')
            union all
            select quote_ident(nspname) || '.' || quote_ident(relname), 'rule', r.rulename, r.ev_enabled = 'A'
            from tables join pg_rewrite r on r.ev_class = tables.oid
            where r.ev_enabled in ('A', 'R')
            order by 1, 2, 3
            """;

    @Override
    public String id() {
        return "firing-triggers";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : FutureTargets.of(context)) {
            findings.addAll(context.on(side)
                    .query(session -> session.list(FIRING, row -> finding(side, row), (Object) context.tables(side))));
        }
        return findings;
    }

    private static Finding finding(Side side, Row row) {
        String table = row.text(1);
        String name = row.text(2) + " " + row.text(3);
        return Finding.refused(
                side.text() + ".firing-" + row.text(2),
                table,
                name + " of table " + table + " on " + side.text() + " is enabled "
                        + (row.truth(4) ? "always" : "for replicas") + ", so it fires for rows that we apply",
                "alter table " + table + " enable " + row.text(2) + " \"" + row.text(3)
                        + "\"; -- for the application's writes only");
    }
}
