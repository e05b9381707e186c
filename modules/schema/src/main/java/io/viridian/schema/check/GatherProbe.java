package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.ExpressionScan;
import io.viridian.plan.Finding;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.Set;

/**
 * Asks a server about an expression that makes one value of many rows: every column must stand inside an aggregate, and
 * the same rows must give the same value, in whatever order they come. Used within a transaction that is given up.
 */
final class GatherProbe {
    /** Aggregates whose result has its rows' order. */
    private static final Set<String> ORDERED = Set.of(
            "array_agg",
            "string_agg",
            "json_agg",
            "jsonb_agg",
            "json_object_agg",
            "json_arrayagg",
            "json_objectagg",
            "xmlagg");

    /** The functions of the view, those of operators and casts included, as its stored form names them. */
    private static final String FUNCTIONS = """
            select distinct p.oid::regprocedure::text
            from pg_rewrite r, regexp_matches(r.ev_action::text, ':(?:opfuncid|funcid|aggfnoid) (\\d+)', 'g') m
            join pg_proc p on p.oid = m[1]::oid
            where r.ev_class = 'viridian_gathered'::regclass and p.provolatile <> 'i' order by 1
            """;

    private final Session session;
    private final String table;
    private final List<Finding> findings;

    /** @param alias what the rows are called; a temporary table of that name has their shape */
    GatherProbe(Session session, String alias, List<Finding> findings) {
        this.session = session;
        this.table = Sql.identifier(alias);
        this.findings = findings;
    }

    /**
     * Looks at one expression.
     *
     * @param object that it feeds
     * @param value the expression with its cast
     */
    void ask(String object, String expression, String value) {
        if (ExpressionScan.mentions(expression, ORDERED) && !ExpressionScan.mentions(expression, Set.of("order"))) {
            findings.add(Finding.refused(
                    "mapping.not-immutable",
                    object,
                    "the inverse of " + object + " depends on the order in which rows are read: " + expression,
                    "say order by inside the aggregate, like: array_agg(t.tag order by t.position)"));
            return;
        }
        session.execute("savepoint gathering");
        try {
            session.execute(
                    "create temp view viridian_gathered as select " + value + " as v from " + table + " group by ()");
            session.list(FUNCTIONS, row -> findings.add(changing(object, expression, row.text(1))));
        } catch (FaultException failure) {
            findings.add(ExpressionCheck.refused(session.side(), object, expression, failure));
        }
        session.execute("rollback to savepoint gathering");
    }

    private static Finding changing(String object, String expression, String function) {
        return Finding.refused(
                "mapping.not-immutable",
                object,
                "the inverse of " + object + " uses " + function + ", so two evaluations can differ: " + expression,
                "compute it from the rows alone");
    }
}
