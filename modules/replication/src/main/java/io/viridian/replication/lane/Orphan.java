package io.viridian.replication.lane;

import io.viridian.plan.RowKey;

/**
 * A row that refers to one that is not there.
 *
 * @param child the row that refers
 * @param parent what it refers to
 * @param reference the foreign key, by blue's name of it
 */
public record Orphan(RowKey child, RowKey parent, String reference) {
    @Override
    public String toString() {
        return "row " + child.key() + " of " + child.table() + " refers (" + reference + ") to row " + parent.key()
                + " of " + parent.table();
    }
}
