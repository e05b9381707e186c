package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Leads some rows of a table through its rule and back, all on blue, and finds the columns that come back as others.
 */
final class InverseProbe implements RowProbe {
    private static final int ROWS = 1000;

    /** In pages picked at random rows come in bunches; twice as many as needed are aimed at. */
    private static final double AIM = 2.0 * ROWS;

    private static final int EXTREMES = 3;

    /** Types with an order that says something about values; a sort is the cost of asking. */
    private static final Set<String> ORDERED = Set.of(
            "int2",
            "int4",
            "int8",
            "numeric",
            "float4",
            "float8",
            "text",
            "varchar",
            "bpchar",
            "date",
            "timestamp",
            "timestamptz",
            "time",
            "interval",
            "bool");

    private final Session session;
    private final Route there;
    private final Route back;
    private final long estimatedRows;

    /** @param estimatedRows of the table; negative when nobody has counted */
    InverseProbe(Session session, Route there, Route back, long estimatedRows) {
        this.session = session;
        this.there = there;
        this.back = back;
        this.estimatedRows = estimatedRows;
    }

    /** A column that comes back as another value: in how many rows, and in which one first. */
    private record Loss(TargetColumn column, long rows, String example) {}

    /** Of a sample. */
    List<Finding> sampled() {
        return lost(List.of(sample()));
    }

    /** Of the rows with the least and greatest values of what an expression reads; asks for a look at all rows. */
    List<Finding> extreme() {
        return lost(extremes());
    }

    private List<Finding> lost(List<String> rows) {
        List<TargetColumn> columns = computed();
        if (columns.isEmpty() || rows.isEmpty()) {
            return List.of();
        }
        String counts = columns.stream()
                .map(column -> "count(*) filter (where " + differs(column) + "), min(" + example(column)
                        + ") filter (where " + differs(column) + ")")
                .collect(Collectors.joining(", "));
        String up = "(select " + images() + " from (select s.*) as " + Sql.identifier(there.alias()) + there.lateral()
                + ") as t";
        String down = gathered()
                ? " cross join lateral (select " + led() + " from " + up + ") as b"
                : " cross join lateral " + up + " cross join lateral (select " + led() + ") as b";
        String sql = "select count(*), " + counts + " from (" + each(rows) + "\n) as s" + down;
        List<Finding> findings = new ArrayList<>();
        session.list(sql, row -> {
            for (int index = 0; index < columns.size(); index++) {
                long lost = row.number(2 + 2 * index);
                if (lost > 0) {
                    findings.add(refused(
                            new Loss(
                                    columns.get(index),
                                    lost,
                                    row.optionalText(3 + 2 * index).orElse("")),
                            row.number(1)));
                }
            }
            return true;
        });
        return findings;
    }

    /** What is copied there and back needs no proof. */
    private List<TargetColumn> computed() {
        RouteScope backwards = new RouteScope(back);
        RouteScope forwards = new RouteScope(there);
        Set<String> plain = new HashSet<>();
        there.columns().stream().filter(forwards::copied).forEach(column -> plain.add(column.name()));
        if (gathered()) {
            return back.valueColumns();
        }
        return back.columns().stream()
                .filter(column -> !(backwards.copied(column)
                        && backwards
                                .plainSource(column)
                                .map(SourceColumn::name)
                                .filter(plain::contains)
                                .isPresent()))
                .toList();
    }

    private String differs(TargetColumn column) {
        String name = Sql.identifier(column.name());
        return "b." + name + "::text is distinct from s." + name + "::text";
    }

    private String example(TargetColumn column) {
        String name = Sql.identifier(column.name());
        String key = there.sourceKey().isEmpty()
                ? "'a row'"
                : there.sourceKey().stream()
                        .map(one -> Sql.literal(one + "=") + " || s." + Sql.identifier(one))
                        .collect(Collectors.joining(", ", "concat_ws(', ', ", ")"));
        return key + " || ': ' || coalesce(quote_literal(left(s." + name
                + "::text, 60)), 'null') || ' comes back as ' || coalesce(quote_literal(left(b." + name
                + "::text, 60)), 'null')";
    }

    private String sample() {
        double percent = 100 * AIM / Math.max(1, estimatedRows);
        String pages = percent < 100 ? " tablesample system (" + percent + ")" : "";
        return "(select r.* from " + there.source().sql() + " as r" + pages + taken() + " limit " + ROWS + ")";
    }

    private List<String> extremes() {
        List<String> parts = new ArrayList<>();
        for (SourceColumn column : there.sourceColumns()) {
            if (column.type().isBuiltIn() && ORDERED.contains(column.type().name()) && read(column)) {
                for (String order : List.of("asc", "desc")) {
                    parts.add("(select r.* from " + there.source().sql() + " as r" + taken() + " order by r."
                            + Sql.identifier(column.name()) + " " + order + " limit " + EXTREMES + ")");
                }
            }
        }
        return parts;
    }

    /** The rows that the rule takes. */
    private String taken() {
        return there.filter()
                .map(where ->
                        " where (select (" + where + "\n) from (select r.*) as " + Sql.identifier(there.alias()) + ")")
                .orElse("");
    }

    /** Every row once, if a key names it. */
    private String each(List<String> parts) {
        String all = String.join("\nunion all ", parts);
        String key = there.sourceKey().stream()
                .map(one -> "a." + Sql.identifier(one))
                .collect(Collectors.joining(", "));
        return key.isEmpty() ? all : "select distinct on (" + key + ") a.* from (" + all + "\n) as a";
    }

    private boolean read(SourceColumn column) {
        RouteScope scope = new RouteScope(there);
        return there.columns().stream()
                .anyMatch(one -> !scope.copied(one) && one.reads().contains(column.name()));
    }

    /** The green row; columns that the rule does not feed are null. */
    private String images() {
        Set<String> fed = new HashSet<>(there.targetColumnNames());
        List<String> images = new ArrayList<>();
        there.columns()
                .forEach(column -> images.add(column.storedExpression() + " as " + Sql.identifier(column.name())));
        back.sourceColumns().stream()
                .filter(column -> !fed.contains(column.name()))
                .forEach(column -> images.add("null::" + column.type().sql() + " as " + Sql.identifier(column.name())));
        return String.join(", ", images);
    }

    private boolean gathered() {
        return back.role() == Route.Role.GATHERED;
    }

    private String led() {
        List<TargetColumn> columns = gathered() ? back.valueColumns() : back.columns();
        return columns.stream()
                .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }

    private Finding refused(Loss loss, long looked) {
        return Finding.refused(
                "mapping.inverse",
                there.source() + "." + loss.column().name(),
                "the inverse of " + there.source() + "." + loss.column().name() + " does not lead back what was led to "
                        + there.target() + ": " + loss.example() + " (" + loss.rows() + " of " + looked
                        + " rows looked at); the expression is " + loss.column().expression(),
                "correct it under inverse:, mend the rows on blue if it is them, or set reverse.enabled: false");
    }

    @Override
    public Finding failed(FaultException failure) {
        return Finding.refused(
                "mapping.inverse",
                there.source().toString(),
                "the inverse of the rule from " + there.source() + " to " + there.target()
                        + " fails on a row that came from there: " + ExpressionCheck.said(failure),
                "correct it under inverse:");
    }

    @Override
    public Finding unknown() {
        return Finding.note(
                "mapping.inverse-unknown",
                there.source().toString(),
                "whether rows of " + there.source()
                        + " come back as they are could not be looked at within 20 seconds a question");
    }
}
