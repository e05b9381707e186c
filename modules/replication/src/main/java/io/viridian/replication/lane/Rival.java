package io.viridian.replication.lane;

import io.viridian.plan.RowKey;

/**
 * Two rows, one on either side, that hold a value which a table holds once only.
 *
 * @param row the one that was to be written
 * @param holder the one that holds the value on the target
 * @param index what holds it once only, by blue's name of it
 */
public record Rival(RowKey row, RowKey holder, String index) {
    @Override
    public String toString() {
        return "row " + row.key() + " of " + row.table() + " has a value (" + index + ") that row " + holder.key()
                + " has";
    }
}
