package io.viridian.plan;

import java.util.List;

/**
 * A table that rows are written to.
 *
 * @param key the columns that name a row, backed by a unique index; empty when rows have no identity
 * @param stored every column but those that compute themselves, fed by a route or not
 * @param partitioned whether it is a partitioned table
 */
public record RouteTarget(TableName name, List<String> key, List<String> stored, boolean partitioned) {
    public RouteTarget {
        key = List.copyOf(key);
        stored = List.copyOf(stored);
    }
}
