package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import java.util.List;

/** No table has children by inheritance: reading it would give their rows too, and they would be copied twice. */
final class InheritanceCheck implements Check {
    private static final String PARENTS = """
            select n.nspname || '.' || c.relname, string_agg(i.inhrelid::regclass::text, ', ' order by i.inhrelid)
            from unnest(?::text[]) name
            join pg_class c on c.oid = to_regclass(name) and c.relkind = 'r'
            join pg_namespace n on n.oid = c.relnamespace
            join pg_inherits i on i.inhparent = c.oid
            group by 1 order by 1
            """;

    @Override
    public String id() {
        return "inheritance";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        return context.on(Side.BLUE)
                .query(session -> session.list(
                        PARENTS,
                        row -> Finding.refused(
                                "blue.inheritance",
                                row.text(1),
                                "table " + row.text(1) + " on blue has children by inheritance (" + row.text(2)
                                        + "), which cannot be moved yet; partitions can",
                                "alter table … no inherit, or list the tables under ignore: in the mapping"),
                        (Object) context.tables(Side.BLUE)));
    }
}
