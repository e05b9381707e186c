package io.viridian.postgres.catalog;

import io.viridian.fault.FaultException;
import io.viridian.plan.DerivedQuery;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Has a server parse a query of the mapping, by a temporary view of which nothing is left (manual 14-18, section
 * 9.26.6, pg_get_viewdef; chapter 53, pg_depend and pg_rewrite). Tables without a schema are looked for in public.
 */
public final class QueryReader {
    private static final String VIEW = "viridian_query";

    private static final String TABLES = """
            select distinct n.nspname, c.relname
            from pg_depend d join pg_rewrite r on r.oid = d.objid
            join pg_class c on c.oid = d.refobjid join pg_namespace n on n.oid = c.relnamespace
            where d.classid = 'pg_rewrite'::regclass and r.ev_class = 'pg_temp.viridian_query'::regclass
              and d.refclassid = 'pg_class'::regclass and c.oid <> r.ev_class
            """;

    private static final String COLUMNS = """
            select attname from pg_attribute where attrelid = 'pg_temp.viridian_query'::regclass and attnum > 0
            order by attnum
            """;

    private static final String CHANGING = """
            select distinct p.oid::regprocedure::text
            from pg_rewrite r, regexp_matches(r.ev_action::text, ':(?:opfuncid|funcid) (\\d+)', 'g') m
            join pg_proc p on p.oid = m[1]::oid
            where r.ev_class = 'pg_temp.viridian_query'::regclass and p.provolatile = 'v' order by 1
            """;

    private QueryReader() {}

    /**
     * What was found.
     *
     * @param changing functions that may give something else the next time
     */
    public record Found(DerivedQuery query, List<String> changing) {}

    /**
     * Reads a query and what belongs to it.
     *
     * @param session outside a transaction; as it was afterwards
     * @throws FaultException with what the server says when it does not understand one of them
     */
    public static Found read(Session session, MappingSpec.Derive derive) {
        session.begin();
        try {
            view(session, derive.query());
            List<String> columns = session.list(COLUMNS, row -> row.text(1));
            Set<TableName> tables = new HashSet<>(session.list(TABLES, row -> new TableName(row.text(1), row.text(2))));
            List<String> changing = session.list(CHANGING, row -> row.text(1));
            String canonical = printed(session);
            Map<TableName, String> affected = new HashMap<>();
            derive.affected().forEach((table, sql) -> affected.put(table, affected(session, table, sql)));
            return new Found(new DerivedQuery(columns, canonical, tables, affected), changing);
        } finally {
            session.rollback();
        }
    }

    private static String affected(Session session, TableName table, String sql) {
        session.execute("drop view " + VIEW + "; drop table if exists pg_temp.changed; create temp table changed (like "
                + table.sql() + ")");
        view(session, sql);
        return printed(session);
    }

    private static void view(Session session, String sql) {
        session.execute("set local search_path = public");
        session.execute("create temp view " + VIEW + " as " + sql);
    }

    /** With every table's schema before it but that of {@code changed}, which is temporary and so always in sight. */
    private static String printed(Session session) {
        session.execute("set local search_path = pg_catalog");
        String definition = session.one(
                "select pg_get_viewdef(" + Sql.literal("pg_temp." + VIEW) + "::regclass)", row -> row.text(1));
        String stripped = definition.strip();
        return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : stripped;
    }
}
