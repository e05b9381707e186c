package io.viridian.schema.check;

import io.viridian.plan.ColumnShape;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.plan.TableShape;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The columns of a route in which a value may not fit: computed, cast, shorter than before, or suddenly NOT NULL.
 *
 * @param leaves the tables that hold the source's rows: itself, or its partitions
 */
record FedColumns(List<Column> columns, List<String> leaves, long estimatedRows) {
    /** More partitions than this tell nothing new. */
    private static final int LEAVES = 4;

    /**
     * One of them.
     *
     * @param expression with a cast to the target's type where that is known
     * @param definition the probe's column: green's type with its length, and NOT NULL
     */
    record Column(TargetColumn target, String expression, String definition) {}

    static FedColumns of(CheckContext context, Route route) {
        Optional<TableShape> source = context.shape(Side.BLUE, route.source());
        if (source.isEmpty()) {
            return new FedColumns(List.of(), List.of(), 0);
        }
        Optional<TableShape> target = context.shape(Side.GREEN, route.target());
        RouteScope scope = new RouteScope(route);
        List<Column> columns = new ArrayList<>();
        for (TargetColumn column : route.columns()) {
            Optional<ColumnShape> shape = target.flatMap(table -> table.column(column.name()));
            if (shape.isPresent() && !fits(scope, source.get(), column, shape.get())) {
                String declared = shape.get().declared() + (shape.get().notNull() ? " not null" : "");
                columns.add(new Column(column, column.castExpression(), definition(column, declared)));
            } else if (shape.isEmpty() && !scope.copied(column)) {
                // Green's type is not known yet, but the expression itself can fail on a row.
                columns.add(new Column(column, "(" + column.expression() + ")::text", definition(column, "text")));
            }
        }
        List<String> leaves = source.get().partitions().isEmpty()
                ? List.of(route.source().sql())
                : source.get().partitions().stream()
                        .limit(LEAVES)
                        .map(leaf -> leaf.sql())
                        .toList();
        return new FedColumns(columns, leaves, source.get().estimatedRows() / leaves.size());
    }

    private static boolean fits(RouteScope scope, TableShape source, TargetColumn column, ColumnShape target) {
        return scope.copied(column)
                && scope.plainSource(column)
                        .flatMap(plain -> source.column(plain.name()))
                        .filter(from -> from.declared().equals(target.declared()))
                        .filter(from -> from.notNull() || !target.notNull())
                        .isPresent();
    }

    private static String definition(TargetColumn column, String declared) {
        return Sql.identifier(column.name()) + " " + declared;
    }

    boolean isEmpty() {
        return columns.isEmpty();
    }

    String names() {
        return columns.stream()
                .map(column -> Sql.identifier(column.target().name()))
                .collect(Collectors.joining(", "));
    }

    String expressions() {
        return columns.stream().map(Column::expression).collect(Collectors.joining(", "));
    }

    String definitions() {
        return columns.stream().map(Column::definition).collect(Collectors.joining(", "));
    }

    FedColumns only(Column column) {
        return new FedColumns(List.of(column), leaves, estimatedRows);
    }
}
