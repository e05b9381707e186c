package io.viridian.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How rows of one source table become rows of one target table. The same shape serves both directions: blue to green
 * through the mapping, green to blue through its inverse.
 *
 * @param alias the name the expressions use for the source row
 * @param sourceColumns every column the change stream carries, in table order
 * @param identity how the stream names a row of the source
 * @param filter which source rows travel; absent means all
 * @param targetKey the target columns that name a row, backed by a unique index; empty when rows have no identity
 * @param targetStored every column of the target but those that compute themselves, fed by the route or not
 * @param sourcePartitioned whether the source is a partitioned table, whose rows lie in its leaves
 * @param targetPartitioned whether the target is one
 */
public record Route(
        Direction direction,
        TableName source,
        String alias,
        List<SourceColumn> sourceColumns,
        RowIdentity identity,
        Optional<String> filter,
        TableName target,
        List<TargetColumn> columns,
        List<String> targetKey,
        List<String> targetStored,
        boolean sourcePartitioned,
        boolean targetPartitioned) {
    public Route {
        sourceColumns = List.copyOf(sourceColumns);
        columns = List.copyOf(columns);
        targetKey = List.copyOf(targetKey);
        targetStored = List.copyOf(targetStored);
    }

    /** Whether rows are named by a key on both sides; without one they are a multiset, applied one by one in order. */
    public boolean keyed() {
        return !targetKey.isEmpty();
    }

    /** The source columns that name a row; empty for a multiset. */
    public List<String> sourceKey() {
        return switch (identity) {
            case RowIdentity.Key key -> key.columns();
            case RowIdentity.FullWithKey key -> key.columns();
            case RowIdentity.FullWithoutKey _, RowIdentity.Absent _ -> List.of();
        };
    }

    public List<TargetColumn> keyColumns() {
        return columns.stream()
                .filter(column -> targetKey.contains(column.name()))
                .toList();
    }

    public List<TargetColumn> valueColumns() {
        return columns.stream()
                .filter(column -> !targetKey.contains(column.name()))
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

    public int sourceIndex(String column) {
        for (int index = 0; index < sourceColumns.size(); index++) {
            if (sourceColumns.get(index).name().equals(column)) {
                return index;
            }
        }
        throw new IllegalArgumentException("no column " + column + " in " + source);
    }

    /** Every expression with its cast, in column order, joined for a select list. */
    public String selectList() {
        return columns.stream().map(TargetColumn::castExpression).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return source + " -> " + target;
    }
}
