package io.viridian.proof;

import io.viridian.plan.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a verification found.
 *
 * @param tables one entry per compared route
 * @param laneHeld how long the lane stood still for it
 */
public record Verification(Instant started, Duration took, Duration laneHeld, List<TableResult> tables) {
    public Verification {
        tables = List.copyOf(tables);
    }

    public boolean clean() {
        return tables.stream().allMatch(TableResult::equal);
    }

    public long rows() {
        return tables.stream().mapToLong(TableResult::sourceRows).sum();
    }

    public List<RowDifference> differences() {
        return tables.stream().flatMap(table -> table.differences().stream()).toList();
    }

    /**
     * One table, both sides.
     *
     * @param differences the first rows that differ, by name; a table may differ in more than are listed
     * @param differing how many rows differ in all
     */
    public record TableResult(
            TableName source,
            TableName target,
            long sourceRows,
            long targetRows,
            boolean equal,
            long differing,
            List<RowDifference> differences) {
        public TableResult {
            differences = List.copyOf(differences);
        }
    }

    /**
     * One row that differs.
     *
     * @param key the target's key columns and values, like {@code id=5}; the whole row for tables without a key
     * @param columns the columns that differ, each with both values; empty when the row is missing on one side
     */
    public record RowDifference(TableName target, String key, Kind kind, List<ColumnDifference> columns) {
        public RowDifference {
            columns = List.copyOf(columns);
        }
    }

    /** A column whose expected value (source, through the mapping) is not the one on the target. */
    public record ColumnDifference(String column, String expected, String found) {}

    /** In which way a row differs, seen from the target. */
    public enum Kind {
        MISSING,
        EXTRA,
        DIFFERENT
    }
}
