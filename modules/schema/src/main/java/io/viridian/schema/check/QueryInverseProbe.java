package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Derivation;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes some rows of a derived target on blue, of a sample of each table that its query reads, leads them back to one
 * of the tables, and compares what comes with what the table has. Rows that the query leaves behind do not come.
 */
final class QueryInverseProbe implements RowProbe {
    private static final int ROWS = 300;

    private final Session session;
    private final Derivation derivation;
    private final Route back;

    /** @param back of the derivation's target, to one of blue's tables */
    QueryInverseProbe(Session session, Derivation derivation, Route back) {
        this.session = session;
        this.derivation = derivation;
        this.back = back;
    }

    List<Finding> sampled() {
        List<TargetColumn> columns = back.columns();
        String counts = columns.stream()
                .map(column -> "count(*) filter (where " + differs(column) + "), min(" + example(column)
                        + ") filter (where " + differs(column) + ")")
                .collect(Collectors.joining(", "));
        String there = "s." + Sql.identifier(back.targetKey().getFirst());
        String sql = "with viridian_given as materialized (" + given() + "), viridian_led as (select "
                + columns.stream()
                        .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                        .collect(Collectors.joining(", "))
                + " from viridian_given as t"
                + back.filter().map(mine -> " where (" + mine + "\n)").orElse("")
                + ") select count(*), count(*) filter (where " + there + " is null), min(" + key("b")
                + ") filter (where " + there + " is null), (select count(*) from viridian_given), "
                + "exists (select from " + back.target().sql() + "), " + counts + " from viridian_led as b left join "
                + back.target().sql() + " as s on "
                + back.targetKey().stream()
                        .map(Sql::identifier)
                        .map(name -> "s." + name + " = b." + name)
                        .collect(Collectors.joining(" and "));
        List<Finding> findings = new ArrayList<>();
        session.list(sql, row -> {
            long led = row.number(1);
            if (row.number(2) > 0) {
                findings.add(stranger(row.optionalText(3).orElse(""), row.number(2), led));
            }
            if (led == 0 && row.number(4) > 0 && row.truth(5)) {
                findings.add(nothing(row.number(4)));
            }
            for (int index = 0; index < columns.size(); index++) {
                long lost = row.number(6 + 2 * index);
                if (lost > 0) {
                    findings.add(lost(
                            columns.get(index),
                            lost + " of " + led,
                            row.optionalText(7 + 2 * index).orElse("")));
                }
            }
            return true;
        });
        return findings;
    }

    private String differs(TargetColumn column) {
        String name = Sql.identifier(column.name());
        return "s." + Sql.identifier(back.targetKey().getFirst()) + " is not null and b." + name
                + "::text is distinct from s." + name + "::text";
    }

    private String example(TargetColumn column) {
        String name = Sql.identifier(column.name());
        return key("s") + " || ': ' || coalesce(quote_literal(left(s." + name
                + "::text, 60)), 'null') || ' comes back as ' || coalesce(quote_literal(left(b." + name
                + "::text, 60)), 'null')";
    }

    private String key(String row) {
        return back.targetKey().stream()
                .map(name -> Sql.literal(name + "=") + " || " + row + "." + Sql.identifier(name))
                .collect(Collectors.joining(", ", "concat_ws(', ', ", ")"));
    }

    /** Rows of the target; columns that the query does not give are null. */
    private String given() {
        Set<String> fed = new HashSet<>();
        List<String> columns = new ArrayList<>();
        for (TargetColumn column : derivation.columns()) {
            fed.add(column.name());
            columns.add(column.storedExpression() + " as " + Sql.identifier(column.name()));
        }
        back.sourceColumns().stream()
                .filter(column -> !fed.contains(column.name()))
                .forEach(
                        column -> columns.add("null::" + column.type().sql() + " as " + Sql.identifier(column.name())));
        return "select " + String.join(", ", columns) + " from (" + keys()
                + ") as a cross join lateral (select * from ("
                + derivation.query() + "\n) as q where "
                + derivation.into().key().stream()
                        .map(Sql::identifier)
                        .map(name -> "q." + name + " = a." + name)
                        .collect(Collectors.joining(" and "))
                + ") as q";
    }

    /** Of the rows that a sample of the tables has part in. */
    private String keys() {
        String columns = derivation.keyColumns().stream()
                .map(column -> "a." + Sql.identifier(column.name()) + "::"
                        + column.type().sql() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return derivation.mirrors().stream()
                .flatMap(mirror -> mirror.affected().stream()
                        .map(query -> "(with " + Sql.identifier(query.changed()) + " as (select r.* from "
                                + mirror.source().name().sql() + " as r limit " + ROWS + ") select " + columns
                                + " from (" + derivation.over(query.sql(), TableName::sql) + "\n) as a)"))
                .collect(Collectors.joining("\nunion "));
    }

    private Finding lost(TargetColumn column, String rows, String example) {
        return Finding.refused(
                "mapping.inverse",
                back.target() + "." + column.name(),
                "the inverse of " + derivation.target() + " does not lead " + back.target() + "." + column.name()
                        + " back: " + example + " (" + rows + " rows looked at); the expression is "
                        + column.expression(),
                fix());
    }

    private Finding stranger(String key, long rows, long led) {
        return Finding.refused(
                "mapping.inverse",
                back.target().toString(),
                "the inverse of " + derivation.target() + " leads rows to " + back.target() + " that it does not have: "
                        + key + " (" + rows + " of " + led + " rows looked at)",
                "say under where: which rows of " + derivation.target() + " are rows of " + back.target());
    }

    private Finding nothing(long rows) {
        return Finding.refused(
                "mapping.inverse",
                back.target().toString(),
                "the inverse of " + derivation.target() + " leads none of " + rows + " rows back to " + back.target(),
                "correct its where:");
    }

    @Override
    public Finding failed(FaultException failure) {
        return Finding.refused(
                "mapping.inverse",
                back.target().toString(),
                "the inverse of " + derivation.target() + " to " + back.target() + " fails on a row: "
                        + ExpressionCheck.said(failure),
                fix());
    }

    @Override
    public Finding unknown() {
        return Finding.note(
                "mapping.inverse-unknown",
                back.target().toString(),
                "whether rows of " + back.target() + " come back from " + derivation.target()
                        + " could not be looked at within 20 seconds");
    }

    private static String fix() {
        return "correct it under inverse:, mend the rows on blue if it is them, or set reverse.enabled: false";
    }
}
