package io.viridian.schema.legacy;

import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the rows of a table are on green. Immutable.
 *
 * @param ways through which they come there and lead back; none for a table that only queries read
 * @param besides through which columns of a row go to other targets than the row itself, which has one way then
 * @param backs what leads them back, at least one; of each way its own
 * @param derived for a table that derived targets are computed from
 * @param dependents views with rows that a deletion concerns
 */
record LegacyRows(
        List<LegacyRows.Way> ways,
        List<LegacyRows.Way> besides,
        List<Route> backs,
        Optional<LegacyRows.Derived> derived,
        Map<BlueTable.Dependent, TableName> dependents) {
    LegacyRows {
        ways = List.copyOf(ways);
        besides = List.copyOf(besides);
        backs = List.copyOf(backs);
        dependents = Collections.unmodifiableMap(new LinkedHashMap<>(dependents));
    }

    /** The table's columns by which a row is found; empty when nothing names one. */
    List<String> key() {
        return backs.getFirst().targetKey();
    }

    /** Whether something names a row. */
    boolean keyed() {
        return ways.stream().allMatch(way -> way.there().keyed());
    }

    /** One condition for all of them. */
    String sql(BlueTable table, String condition) {
        return sql(table, Collections.nCopies(backs.size(), condition));
    }

    /** The table's rows as they are on green, of each target those that its condition takes. */
    String sql(BlueTable table, List<String> conditions) {
        String all = withBesides(
                table,
                IntStream.range(0, backs.size())
                        .mapToObj(index -> "select " + columns(table, backs.get(index)) + "\nfrom "
                                + backs.get(index).source().sql() + " as t\nwhere "
                                + backs.get(index)
                                        .filter()
                                        .map(mine -> "(" + mine + "\n) and ")
                                        .orElse("")
                                + conditions.get(index))
                        .collect(Collectors.joining("\nunion all\n")));
        boolean computed =
                table.columns().stream().anyMatch(column -> column.generated().isPresent());
        return computed
                ? table.columns().stream()
                        .map(column -> column.generated()
                                .map(expression -> "(" + expression + ")::" + column.declared())
                                .orElse("w." + Sql.identifier(column.name())))
                        .collect(Collectors.joining(", ", "select ", "\nfrom (" + all + "\n) as w"))
                : all;
    }

    /** With the values that are in other targets than the row itself. */
    private String withBesides(BlueTable table, String all) {
        if (besides.isEmpty()) {
            return all;
        }
        return table.columns().stream()
                .filter(column -> column.generated().isEmpty())
                .map(column -> besides.stream()
                                .flatMap(way -> besideValue(way.back(), column.name()).stream())
                                .findFirst()
                                .orElse("w." + Sql.identifier(column.name()))
                        + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", ", "select ", "\nfrom (" + all + "\n) as w"));
    }

    /** Of the row {@code w}; an aggregate over no rows has a value, too. */
    private static Optional<String> besideValue(Route back, String column) {
        return back.valueColumns().stream()
                .filter(one -> one.name().equals(column))
                .findFirst()
                .map(one ->
                        "(select " + value(back, one) + " from " + back.source().sql() + " as t where "
                                + back.keyColumns().stream()
                                        .map(key -> value(back, key) + " = w." + Sql.identifier(key.name()))
                                        .collect(Collectors.joining(" and "))
                                + ")");
    }

    /** In the table's order; those that are computed from the others are added around it. */
    private static String columns(BlueTable table, Route back) {
        return table.columns().stream()
                .filter(column -> column.generated().isEmpty())
                .map(column -> back.columns().stream()
                                .filter(one -> one.name().equals(column.name()))
                                .map(one -> value(back, one))
                                .findFirst()
                                .orElse("null::" + column.declared())
                        + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }

    private static String value(Route back, TargetColumn column) {
        return Way.plainly(column.expression(), back, column)
                .map(plain -> "t." + Sql.identifier(plain))
                .orElseGet(column::storedExpression);
    }

    /**
     * What a table that derived targets are computed from has beside its view.
     *
     * @param turn waits until nobody else writes derived rows
     */
    record Derived(DerivedWrites writes, String turn) {}

    /** A rule and its inverse. */
    record Way(Route there, Route back) {
        /** Whether many rows of the target are values of one row. */
        boolean gathers() {
            return back.role() == Route.Role.GATHERED;
        }

        /** What the rule makes of a record of the trigger's, if it takes it. */
        String made(String record) {
            return everything(record)
                    + there.filter().map(where -> " where (" + where + "\n)").orElse("");
        }

        /** What it would make of it if it had no condition. */
        String everything(String record) {
            return there.columns().stream()
                            .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                            .collect(Collectors.joining(", ", "select ", " from (select " + record + ".*) as "))
                    + Sql.identifier(there.alias())
                    + there.lateral();
        }

        /** Whether a row of the target is the row of the table, column for column, and nothing else is written. */
        boolean plain(BlueTable table) {
            return there.filter().isEmpty()
                    && back.filter().isEmpty()
                    && there.columns().stream()
                            .allMatch(column ->
                                    plainly(column.expression(), there, column).isPresent())
                    && table.columns().stream()
                            .filter(column -> column.generated().isEmpty())
                            .allMatch(column -> back.columns().stream()
                                            .filter(one -> one.name().equals(column.name()))
                                            .anyMatch(one -> plainly(one.expression(), back, one)
                                                    .isPresent())
                                    && there.columns().stream()
                                            .anyMatch(one -> one.reads().contains(column.name())));
        }

        /** The source column that an expression copies, if it does and nothing else. */
        private static Optional<String> plainly(String expression, Route route, TargetColumn into) {
            return route.sourceColumns().stream()
                    .filter(column -> column.type().equals(into.type()))
                    .filter(column -> copies(expression, route.alias(), column.name()))
                    .map(column -> column.name())
                    .findFirst();
        }

        private static boolean copies(String expression, String alias, String column) {
            String text = expression.strip();
            return text.equals(Sql.identifier(alias) + "." + Sql.identifier(column))
                    || text.equals(alias + "." + Sql.identifier(column))
                    || text.equals(alias + "." + column);
        }
    }
}
