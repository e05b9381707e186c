package io.viridian.plan;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A target that a query over one or several tables fills. The tables are mirrored beside the target by routes of their
 * own, and whenever a mirror changes, the rows of the target that may be others by that are computed anew in the same
 * commit.
 *
 * @param columns what the query gives; each expression names the query's column
 * @param query over the source's tables
 * @param mirrored the same over the mirrors
 * @param mirrors what the query reads
 */
public record Derivation(
        RouteTarget into, List<TargetColumn> columns, String query, String mirrored, List<Mirror> mirrors) {
    /** Where mirrors lie. */
    public static final String SCHEMA = "viridian_mirror";

    public Derivation {
        columns = List.copyOf(columns);
        mirrors = List.copyOf(mirrors);
    }

    /**
     * A table that the query reads.
     *
     * @param table its mirror
     * @param affected queries that give the keys of the target's rows which its changed rows have part in, as they are
     *     when asked; together they give all
     */
    public record Mirror(RouteSource source, TableName table, List<Affected> affected) {
        public Mirror {
            affected = List.copyOf(affected);
        }
    }

    /**
     * Finds keys of the target.
     *
     * @param changed what the query calls the changed rows of the mirror, a relation with its columns
     * @param sql gives the target's key columns by their names
     */
    public record Affected(String changed, String sql) {}

    public TableName target() {
        return into.name();
    }

    /** Whether a change of the table can change rows of the target. */
    public boolean reads(TableName table) {
        return mirrors.stream().anyMatch(mirror -> mirror.source().name().equals(table));
    }

    /**
     * One of the queries over mirrors, over other relations instead.
     *
     * @param relations by the table that is mirrored, SQL for what has its rows
     */
    public String over(String mirroring, Function<TableName, String> relations) {
        Map<TableName, String> byMirror = mirrors.stream()
                .collect(Collectors.toMap(
                        Mirror::table, mirror -> relations.apply(mirror.source().name())));
        return new QueryTables(mirroring, byMirror.keySet())
                .over(mirror -> Objects.requireNonNull(byMirror.get(mirror)));
    }

    /** In the order of the key. */
    public List<TargetColumn> keyColumns() {
        return into.key().stream()
                .map(name -> columns.stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    public List<TargetColumn> valueColumns() {
        return columns.stream()
                .filter(column -> !into.key().contains(column.name()))
                .toList();
    }

    /** Where the mirror of a table lies. */
    public static TableName mirrorOf(TableName table) {
        return new TableName(SCHEMA, table.name());
    }

    @Override
    public String toString() {
        return mirrors.stream().map(mirror -> mirror.source().name()).toList() + " -> " + target();
    }
}
