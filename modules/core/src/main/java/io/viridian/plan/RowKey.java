package io.viridian.plan;

import java.util.List;

/**
 * A row that both sides have, by blue's names for it.
 *
 * @param table blue's table
 * @param key the values of blue's key as text, in the order of {@link RowPair#blueKey}
 */
public record RowKey(TableName table, List<String> key) {
    public RowKey {
        key = List.copyOf(key);
    }

    @Override
    public String toString() {
        return table + " " + key;
    }
}
