package io.viridian.replication.canary;

import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import java.util.List;

/**
 * Values that both sides hold once only, beside the primary key.
 *
 * @param name blue's name of the index
 * @param blueColumns the columns of blue's table, sorted
 * @param greenColumns green's, in the same order
 */
record Sole(String name, RowPair pair, List<String> blueColumns, List<String> greenColumns) {
    Sole {
        blueColumns = List.copyOf(blueColumns);
        greenColumns = List.copyOf(greenColumns);
    }

    List<String> columns(Side side) {
        return side == Side.BLUE ? blueColumns : greenColumns;
    }
}
