package io.viridian.plan;

import java.util.List;

/**
 * A table that rows are read from, as the change stream carries it.
 *
 * @param columns every column the change stream carries, in table order
 * @param identity how the stream names a row
 * @param partitioned whether it is a partitioned table, whose rows lie in its leaves
 */
public record RouteSource(TableName name, List<SourceColumn> columns, RowIdentity identity, boolean partitioned) {
    public RouteSource {
        columns = List.copyOf(columns);
    }

    /** The columns that name a row; empty for a multiset. */
    public List<String> key() {
        return switch (identity) {
            case RowIdentity.Key key -> key.columns();
            case RowIdentity.FullWithKey key -> key.columns();
            case RowIdentity.FullWithoutKey _, RowIdentity.Absent _ -> List.of();
        };
    }

    /** Where a column is among {@link #columns}. */
    public int index(String column) {
        for (int index = 0; index < columns.size(); index++) {
            if (columns.get(index).name().equals(column)) {
                return index;
            }
        }
        throw new IllegalArgumentException("no column " + column + " in " + name);
    }

    public List<String> columnNames() {
        return columns.stream().map(SourceColumn::name).toList();
    }
}
