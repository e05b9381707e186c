package io.viridian.replication.canary;

import io.viridian.plan.ForeignKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import java.util.List;

/**
 * A foreign key that both sides have between two tables that both write.
 *
 * @param name blue's name of it
 * @param blueColumns the columns of blue's table that refer, in the order of the parent's key
 * @param greenColumns green's, in the same order
 */
record Tie(String name, RowPair child, RowPair parent, List<String> blueColumns, List<String> greenColumns) {
    Tie {
        blueColumns = List.copyOf(blueColumns);
        greenColumns = List.copyOf(greenColumns);
    }

    List<String> columns(Side side) {
        return side == Side.BLUE ? blueColumns : greenColumns;
    }

    /** The columns of a side's key in the order of the parent's key, whose columns are exactly those that it names. */
    static List<String> inOrder(ForeignKey key, RowPair parent, Side side) {
        return parent.key(side).stream()
                .map(column -> key.columns().get(key.parentColumns().indexOf(column)))
                .toList();
    }
}
