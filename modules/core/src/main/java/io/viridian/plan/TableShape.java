package io.viridian.plan;

import java.util.List;
import java.util.Optional;

/**
 * One table as the catalog has it, in column order.
 *
 * @param oid the table's object id on its server; locks are taken in this order
 * @param partitions the leaf partitions when the table is partitioned, else empty
 * @param uniqueKeys the column lists of the valid, non-partial, immediate unique indexes on plain columns
 * @param bytes size on disk without indexes, with out-of-line values
 * @param estimatedRows the planner's estimate, -1 when never analyzed
 */
public record TableShape(
        TableName name,
        long oid,
        List<ColumnShape> columns,
        List<String> primaryKey,
        RowIdentity identity,
        List<List<String>> uniqueKeys,
        List<TableName> partitions,
        boolean partitioned,
        long bytes,
        long estimatedRows) {
    public TableShape {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
        partitions = List.copyOf(partitions);
    }

    public Optional<ColumnShape> column(String column) {
        return columns.stream().filter(one -> one.name().equals(column)).findFirst();
    }
}
