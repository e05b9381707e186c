package io.viridian.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How rows of one source table become rows of one target table. The same shape serves both directions: blue to green
 * through the mapping, green to blue through its inverse. Several routes may read one table, and several may fill one.
 *
 * @param alias the name the expressions use for the source row
 * @param filter which source rows travel; absent means all
 * @param expansion what makes many rows of one; absent means one
 * @param columns what is fed; for routes into the same target the same columns in the same order
 * @param owned SQL over the target's row, called {@code t}: which rows are this route's where others fill the target
 *     too; absent when it fills the target alone
 * @param role what its rows are to the target's
 */
public record Route(
        Direction direction,
        RouteSource from,
        String alias,
        Optional<String> filter,
        Optional<Expansion> expansion,
        RouteTarget into,
        List<TargetColumn> columns,
        Optional<String> owned,
        Role role) {
    /** What rows of the source are to those of the target. */
    public enum Role {
        /** A row of the target for each. */
        WHOLE,
        /**
         * Values for a row that another route puts into the target, and takes away again: the way back of a table whose
         * columns go into several tables.
         */
        PART,
        /**
         * Many of them together are values for a row that another route puts into the target: the way back of rows that
         * became many. Its expressions beside the key's are aggregates over those rows.
         */
        GATHERED
    }

    public Route {
        columns = List.copyOf(columns);
    }

    /** A route that puts whole rows into its target. */
    public Route(
            Direction direction,
            RouteSource from,
            String alias,
            Optional<String> filter,
            Optional<Expansion> expansion,
            RouteTarget into,
            List<TargetColumn> columns,
            Optional<String> owned) {
        this(direction, from, alias, filter, expansion, into, columns, owned, Role.WHOLE);
    }

    /** The same route in another role. */
    Route as(Role other) {
        return new Route(direction, from, alias, filter, expansion, into, columns, owned, other);
    }

    /** Whether another route puts the rows into the target that this one gives values to. */
    public boolean besides() {
        return role != Role.WHOLE;
    }

    public TableName source() {
        return from.name();
    }

    public List<SourceColumn> sourceColumns() {
        return from.columns();
    }

    public RowIdentity identity() {
        return from.identity();
    }

    public boolean sourcePartitioned() {
        return from.partitioned();
    }

    public TableName target() {
        return into.name();
    }

    public List<String> targetKey() {
        return into.key();
    }

    public List<String> targetStored() {
        return into.stored();
    }

    public boolean targetPartitioned() {
        return into.partitioned();
    }

    /** Whether rows are named by a key on both sides; without one they are a multiset, applied one by one in order. */
    public boolean keyed() {
        return !targetKey().isEmpty();
    }

    /** The source columns that name a row; empty for a multiset. */
    public List<String> sourceKey() {
        return from.key();
    }

    /** The same route with its columns in the target's order, which routes into one target have in common. */
    Route ordered() {
        List<TargetColumn> inOrder = columns.stream()
                .sorted(Comparator.comparingInt(column -> targetStored().indexOf(column.name())))
                .toList();
        return new Route(direction, from, alias, filter, expansion, into, inOrder, owned, role);
    }

    /** The same route into a target that others fill too. */
    Route sharing(String condition) {
        return new Route(direction, from, alias, filter, expansion, into, columns, Optional.of(condition), role);
    }

    public List<TargetColumn> keyColumns() {
        return columns.stream()
                .filter(column -> targetKey().contains(column.name()))
                .toList();
    }

    /** The columns that find all rows of one source row: the key, but for what tells those rows apart. */
    public List<TargetColumn> groupColumns() {
        return keyColumns().stream()
                .filter(column -> expansion
                        .filter(one -> one.fed().contains(column.name()))
                        .isEmpty())
                .toList();
    }

    /** What follows the source row in a FROM clause; empty for one row for one row. */
    public String lateral() {
        return expansion.map(one -> " cross join lateral " + one.sql() + "\n").orElse("");
    }

    public List<TargetColumn> valueColumns() {
        return columns.stream()
                .filter(column -> !targetKey().contains(column.name()))
                .toList();
    }

    /** The columns beside the key that an update can set. */
    public List<TargetColumn> settableColumns() {
        return valueColumns().stream().filter(column -> !column.insertOnly()).toList();
    }

    /** The columns that an insert can set and an update cannot. */
    public List<TargetColumn> insertOnlyColumns() {
        return columns.stream().filter(TargetColumn::insertOnly).toList();
    }

    public List<String> targetColumnNames() {
        return columns.stream().map(TargetColumn::name).toList();
    }

    /** The target columns that can be computed although the given source columns are unknown. */
    public List<TargetColumn> computableWithout(Set<String> missing) {
        return columns.stream()
                .filter(column -> column.reads().stream().noneMatch(missing::contains))
                .toList();
    }

    /**
     * What follows a query of {@link #selectList} to make one row of many, by the places of the key's columns in it.
     */
    public String grouping() {
        return role != Role.GATHERED
                ? ""
                : keyColumns().stream()
                        .map(column -> String.valueOf(1 + columns.indexOf(column)))
                        .collect(Collectors.joining(", ", " group by ", ""));
    }

    /** A query with the source's columns and no row. */
    public String noRows() {
        return sourceColumns().stream()
                .map(column -> "null::" + column.type().sql() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", ", "select ", " where false"));
    }

    public int sourceIndex(String column) {
        return from.index(column);
    }

    /** Every expression with its cast, in column order, joined for a select list. */
    public String selectList() {
        return columns.stream().map(TargetColumn::castExpression).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return source() + " -> " + target();
    }
}
