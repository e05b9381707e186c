package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Row;
import java.util.ArrayList;
import java.util.List;

/** What logical replication does not carry (manual 14-18, section 31.8) is named, so that nobody misses it later. */
final class UncarriedCheck implements Check {
    private static final String RELATIONS = """
            select n.nspname || '.' || c.relname,
                   case when c.relkind = 'm' then 'view' when c.relkind = 'f' then 'foreign' else 'unlogged' end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'viridian')
              and (c.relkind in ('m', 'f') or c.relkind in ('r', 'p') and c.relpersistence = 'u')
              and not exists (select from pg_depend d
                              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
            order by 2, 1
            """;

    private static final String LARGE_OBJECTS = "select count(*) from pg_largeobject_metadata";

    private static final String TEMPORARY =
            "select count(*) from pg_class where relpersistence = 't' and relkind in ('r', 'p')";

    @Override
    public String id() {
        return "not-carried";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        context.on(Side.BLUE).run(session -> {
            findings.addAll(session.list(RELATIONS, UncarriedCheck::relation));
            long objects = session.<Long>one(LARGE_OBJECTS, row -> row.number(1));
            if (objects > 0) {
                findings.add(Finding.warning(
                        "blue.large-objects",
                        "pg_largeobject",
                        "blue has " + objects + " large objects; they are not carried and stay on blue",
                        "keep their contents in a bytea column, or copy them by hand while nobody writes"));
            }
            long temporary = session.<Long>one(TEMPORARY, row -> row.number(1));
            if (temporary > 0) {
                findings.add(Finding.note(
                        "blue.temporary-tables",
                        "",
                        temporary + " temporary tables exist on blue; they end with their sessions"));
            }
        });
        return findings;
    }

    private static Finding relation(Row row) {
        String name = row.text(1);
        return switch (row.text(2)) {
            case "view" ->
                Finding.warning(
                        "blue.materialized-view",
                        name,
                        "materialized view " + name + " is not carried; green's holds nothing until it is refreshed",
                        "refresh materialized view " + name + "; -- on green, before the cutover");
            case "foreign" ->
                Finding.note(
                        "blue.foreign-table", name, "table " + name + " is foreign; its rows lie on another server");
            default ->
                Finding.warning(
                        "blue.unlogged-table",
                        name,
                        "table " + name + " is unlogged: its changes are not in the log, its rows stay on blue",
                        "alter table " + name + " set logged;");
        };
    }
}
