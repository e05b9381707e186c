package io.viridian.proof;

import io.viridian.plan.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a verification found.
 *
 * @param tables one entry per target, or per route when only some rows were compared
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
     * One target, with the tables that fill it.
     *
     * @param sources at least one
     * @param differences the first rows that differ, by name; a table may differ in more than are listed
     * @param differing how many rows differ in all
     */
    public record TableResult(
            List<TableName> sources,
            TableName target,
            long sourceRows,
            long targetRows,
            boolean equal,
            long differing,
            List<RowDifference> differences) {
        public TableResult {
            sources = List.copyOf(sources);
            differences = List.copyOf(differences);
        }

        /** Of a target that one table fills. */
        public TableResult(
                TableName source,
                TableName target,
                long sourceRows,
                long targetRows,
                boolean equal,
                long differing,
                List<RowDifference> differences) {
            this(List.of(source), target, sourceRows, targetRows, equal, differing, differences);
        }

        /** The sources, for people. */
        public String sourceNames() {
            return sources.stream().map(TableName::toString).collect(Collectors.joining(", "));
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
