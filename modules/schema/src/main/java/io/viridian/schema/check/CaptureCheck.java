package io.viridian.schema.check;

import io.viridian.feed.CaptureLimits;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engine carries every column of the tables it reads as it is. Domains count as what they are made of. */
final class CaptureCheck implements Check {
    private static final String TABLES = """
            tables as (
                select c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
                from unnest(?::text[]) given
                join pg_class c on c.oid = to_regclass(given)
                join pg_namespace n on n.oid = c.relnamespace),
            columns as (
                select t.name as place, a.attname as name, a.atttypid as type
                from tables t join pg_attribute a on a.attrelid = t.oid
                where a.attnum > 0 and not a.attisdropped)
            """;

    private static final String TYPES = "with recursive " + TABLES + """
            , bases as (
                select place, name, type from columns
                union all
                select b.place, b.name, t.typbasetype from bases b join pg_type t on t.oid = b.type
                where t.typtype = 'd')
            select b.place, b.name, t.typname from bases b
            join pg_type t on t.oid = b.type
            join unnest(?::text[], ?::int[]) lost (type, major) on lost.type = t.typname
            where t.typnamespace = 'pg_catalog'::regnamespace
              and current_setting('server_version_num')::int / 10000 >= lost.major
            order by 1, 2
            """;

    /** Names that become one when case is ignored, and those that begin and end with the same quotation mark. */
    private static final String NAMES = "with " + TABLES + """
            select place, string_agg(name, ', ' order by name) from columns
            group by place, lower(name) having count(*) > 1
            union all
            select place, name from columns where name ~ '^(["''`]).*\\1$'
            order by 1, 2
            """;

    @Override
    public String id() {
        return "capture";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : context.sources()) {
            findings.addAll(types(context, side));
            if (context.capture().mixesNames()) {
                findings.addAll(names(context, side));
            }
        }
        return findings;
    }

    private static List<Finding> types(CheckContext context, Side side) {
        CaptureLimits limits = context.capture();
        if (limits.types().isEmpty()) {
            return List.of();
        }
        List<Map.Entry<String, Integer>> types = List.copyOf(limits.types().entrySet());
        return context.on(side)
                .query(session -> session.list(
                        TYPES,
                        row -> refused(
                                side,
                                "type",
                                row.text(1),
                                "column " + row.text(2) + " of table " + row.text(1) + " on " + side.text()
                                        + " is of the type " + row.text(3) + ", of which the engine " + limits.engine()
                                        + " does not carry every value as it is"),
                        context.tables(side),
                        types.stream().map(Map.Entry::getKey).toArray(String[]::new),
                        types.stream().map(Map.Entry::getValue).toArray(Integer[]::new)));
    }

    private static List<Finding> names(CheckContext context, Side side) {
        String engine = context.capture().engine();
        return context.on(side)
                .query(session -> session.list(
                        NAMES,
                        row -> refused(
                                side,
                                "name",
                                row.text(1),
                                "table " + row.text(1) + " on " + side.text() + " has columns named " + row.text(2)
                                        + ", which the engine " + engine + " does not tell apart or reads without"
                                        + " their quotation marks"),
                        (Object) context.tables(side)));
    }

    private static Finding refused(Side side, String what, String table, String detail) {
        return Finding.refused(
                side.text() + ".capture-" + what,
                table,
                detail,
                "set capture.engine to pgoutput, which carries them all");
    }
}
