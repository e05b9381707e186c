package io.viridian.schema.check;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Expansion;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.plan.SqlLexer;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Asks a server about the FROM item that makes many rows of one: it must read nothing but the row, and no function of
 * it may give another answer the next time. Leaves an empty temporary table with the columns of the row and of the
 * item, in which expressions can be looked at. Used within a transaction that is given up.
 */
final class ExpansionProbe {
    /** Columns of the row, then of the item. */
    static final String TABLE = "viridian_expanded";

    /** The functions of the view, those of operators and casts included, as its stored form names them. */
    private static final String FUNCTIONS = """
            select distinct p.oid::regprocedure::text, p.provolatile::text
            from pg_rewrite r, regexp_matches(r.ev_action::text, ':(?:opfuncid|funcid) (\\d+)', 'g') m
            join pg_proc p on p.oid = m[1]::oid
            where r.ev_class = 'viridian_expansion'::regclass and p.provolatile <> 'i' order by 1
            """;

    /** The json functions are stable for the sake of types whose text depends on settings; ours are pinned. */
    private static final Set<String> OF_PINNED_SETTINGS = Set.of(
            "jsonb_to_recordset(jsonb)",
            "json_to_recordset(json)",
            "jsonb_to_record(jsonb)",
            "json_to_record(json)",
            "jsonb_populate_recordset(anyelement,jsonb)",
            "json_populate_recordset(anyelement,json,boolean)",
            "json_populate_recordset(anyelement,json)");

    private static final String TABLES = """
            select distinct d.refobjid::regclass::text from pg_depend d join pg_rewrite r on r.oid = d.objid
            where d.classid = 'pg_rewrite'::regclass and r.ev_class = 'viridian_expansion'::regclass
              and d.refclassid = 'pg_class'::regclass and d.refobjid not in (r.ev_class, ?::regclass) order by 1
            """;

    private final Session session;
    private final Route route;
    private final Expansion expansion;
    private final List<Finding> findings;

    /** @param session in which a temporary table called like the route's alias has the row's shape */
    ExpansionProbe(Session session, Route route, Expansion expansion, List<Finding> findings) {
        this.session = session;
        this.route = route;
        this.expansion = expansion;
        this.findings = findings;
    }

    /** Whether {@link #TABLE} exists now. */
    boolean prepare() {
        String alias = Sql.identifier(route.alias());
        String gives = expansion.alias();
        session.execute("savepoint expansion");
        try {
            session.execute(
                    "create temp view viridian_expansion as select " + gives + ".* from " + alias + route.lateral());
            session.execute("create temp table " + TABLE + " as select " + alias + ".*, " + gives + ".* from " + alias
                    + route.lateral() + " limit 0");
        } catch (FaultException failure) {
            if (failure.code() != FaultCode.BLUE_FAILED && failure.code() != FaultCode.GREEN_FAILED) {
                throw failure;
            }
            session.execute("rollback to savepoint expansion");
            findings.add(Finding.refused(
                    "mapping.expand",
                    route.target().toString(),
                    "the rule from " + route.source() + " cannot be expanded on "
                            + session.side().text() + ": " + expansion.sql() + " (" + ExpressionCheck.said(failure)
                            + ") [SQLSTATE " + failure.fault().sqlState() + "]",
                    "correct it in the mapping; its columns need names that " + route.source() + " does not have"));
            return false;
        }
        session.list(TABLES, row -> findings.add(readsTable(row.text(1))), alias);
        session.list(FUNCTIONS, row -> addFunction(row.text(1), row.text(2)));
        return true;
    }

    private Finding readsTable(String table) {
        return Finding.refused(
                "mapping.expand",
                route.target().toString(),
                "the rule from " + route.source() + " expands by what is in " + table
                        + ", and a change there would not reach " + route.target(),
                "let it read the row alone");
    }

    private boolean addFunction(String function, String volatility) {
        if (OF_PINNED_SETTINGS.contains(function)) {
            return false;
        }
        return findings.add(
                volatility.equals("v")
                        ? Finding.refused(
                                "mapping.not-immutable",
                                route.target().toString(),
                                "the rule from " + route.source() + " expands by " + function
                                        + ", which can give something else the next time",
                                "let it depend on the row alone")
                        : Finding.warning(
                                "mapping.expand-stable",
                                route.target().toString(),
                                "the rule from " + route.source() + " expands by " + function
                                        + ", which may depend on a setting; both servers have ours",
                                ""));
    }

    /** The expression with its columns named as in {@link #TABLE}. */
    String bare(String expression) {
        Set<String> qualifiers = Set.of(route.alias(), expansion.alias().replace("\"", ""));
        StringBuilder bare = new StringBuilder();
        int at = 0;
        while (at < expression.length()) {
            int end = SqlLexer.afterToken(expression, at);
            String token = expression.substring(at, end);
            boolean dotFollows = end < expression.length() && expression.charAt(end) == '.';
            String name = token.startsWith("\"") ? token.replace("\"", "") : token.toLowerCase(Locale.ROOT);
            if (dotFollows && qualifiers.contains(name)) {
                at = end + 1;
            } else {
                bare.append(token);
                at = end;
            }
        }
        return bare.toString();
    }
}
