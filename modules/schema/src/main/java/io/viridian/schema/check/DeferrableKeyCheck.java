package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * Deferrable unique and exclusion constraints are checked by a trigger, which does not fire for rows that we apply
 * (tried on PostgreSQL 15, also for INITIALLY IMMEDIATE).
 */
final class DeferrableKeyCheck implements Check {
    private static final String DEFERRABLE = """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(con.conname),
                   replace(replace(pg_get_constraintdef(con.oid), ' INITIALLY DEFERRED', ''), ' DEFERRABLE', '')
            from unnest(?::text[]) name
            join pg_class c on c.oid = to_regclass(name)
            join pg_namespace n on n.oid = c.relnamespace
            join pg_constraint con on con.conrelid = c.oid
            where con.contype in ('p', 'u', 'x') and con.condeferrable
            order by 1, 2
            """;

    @Override
    public String id() {
        return "deferrable-key";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : FutureTargets.of(context)) {
            findings.addAll(context.on(side)
                    .query(session ->
                            session.list(DEFERRABLE, row -> finding(side, row), (Object) context.tables(side))));
        }
        return findings;
    }

    private static Finding finding(Side side, Row row) {
        return Finding.warning(
                side.text() + ".deferrable-key",
                row.text(1),
                "constraint " + row.text(2) + " of table " + row.text(1) + " on " + side.text()
                        + " is deferrable, so the server does not check it for rows that we apply;"
                        + " only the verification would notice a duplicate",
                "alter table " + row.text(1) + " drop constraint " + row.text(2) + ", add constraint " + row.text(2)
                        + " " + row.text(3) + ";");
    }
}
