package io.viridian.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of blue and the one of green that holds the same rows under the same keys, so that either side's row can be
 * put in the place of the other's.
 *
 * @param there the route from blue to green
 * @param back the route from green to blue
 * @param blueKey the columns of blue that name a row
 * @param greenKey the columns of green that hold their values, in the same order
 */
public record RowPair(Route there, Route back, List<String> blueKey, List<String> greenKey) {
    public RowPair {
        blueKey = List.copyOf(blueKey);
        greenKey = List.copyOf(greenKey);
    }

    /** Its table on a side. */
    public TableName on(Side side) {
        return side == Side.BLUE ? there.source() : back.source();
    }

    /** The columns that name a row on a side, in one order for both. */
    public List<String> key(Side side) {
        return side == Side.BLUE ? blueKey : greenKey;
    }

    /** The route that leaves a side. */
    public Route from(Side side) {
        return side == Side.BLUE ? there : back;
    }

    /** The column of green that holds what a column of blue holds. */
    public Optional<String> greenName(String blueColumn) {
        return there.columns().stream()
                .filter(column -> RowPairs.copied(there, column)
                        .filter(blueColumn::equals)
                        .isPresent())
                .map(TargetColumn::name)
                .findFirst();
    }

    /** The column of blue that a column of a side is one with; empty when the other side has none. */
    public Optional<String> blueName(Side side, String column) {
        return there.from().columnNames().stream()
                .filter(blue -> greenName(blue)
                        .filter(green -> (side == Side.BLUE ? blue : green).equals(column))
                        .isPresent())
                .findFirst();
    }

    /** The type by which a column of a side is compared. */
    public TypeName type(Side side, String column) {
        return from(side).sourceColumns().get(from(side).sourceIndex(column)).type();
    }

    /**
     * The row of a key as the change stream of a side gives it.
     *
     * @param values the values of the key in the order of that stream
     */
    public RowKey named(Side side, List<String> values) {
        List<String> streamed = from(side).sourceKey();
        List<String> key = new ArrayList<>();
        for (String column : key(side)) {
            key.add(values.get(streamed.indexOf(column)));
        }
        return new RowKey(there.source(), key);
    }
}
