package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Row;
import java.util.List;

/** Every foreign key of a target points to a table that is filled too; otherwise its validation will fail. */
final class UnfedReferenceCheck implements Check {
    private static final String UNFED = """
            with targets as (select to_regclass(name)::oid as id from unnest(?::text[]) name)
            select con.conname, n.nspname || '.' || c.relname, rn.nspname || '.' || r.relname
            from pg_constraint con
            join pg_class c on c.oid = con.conrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_class r on r.oid = con.confrelid join pg_namespace rn on rn.oid = r.relnamespace
            where con.contype = 'f' and con.conparentid = 0
              and con.conrelid in (select id from targets) and con.confrelid not in (select id from targets where id is not null)
            order by 2, 1
            """;

    @Override
    public String id() {
        return "unfed-references";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        return context.on(Side.GREEN)
                .query(session ->
                        session.list(UNFED, UnfedReferenceCheck::finding, (Object) context.tables(Side.GREEN)));
    }

    private static Finding finding(Row row) {
        return Finding.warning(
                "green.unfed-reference",
                row.text(2),
                "foreign key " + row.text(1) + " of " + row.text(2) + " on green points to " + row.text(3)
                        + ", which no rule fills; it is validated after the load and fails for every row that uses it",
                "give " + row.text(3) + " a rule, fill it by hand, or drop the foreign key on green");
    }
}
