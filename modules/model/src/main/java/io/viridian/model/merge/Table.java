package io.viridian.model.merge;

import java.util.ArrayList;
import java.util.List;

/**
 * The content of the table on one side: a row for every {@link Key}, {@link Row#ABSENT} where there is none.
 */
record Table(Row a, Row b, Row c) {
    static final Table EMPTY = new Table(Row.ABSENT, Row.ABSENT, Row.ABSENT);

    Row row(Key key) {
        return switch (key) {
            case A -> a;
            case B -> b;
            case C -> c;
        };
    }

    Table with(Key key, Row row) {
        return switch (key) {
            case A -> new Table(row, b, c);
            case B -> new Table(a, row, c);
            case C -> new Table(a, b, row);
        };
    }

    /** This table, with the rows of one range taken from another. */
    Table withRange(Range range, Table other) {
        Table result = this;
        for (Key key : range.keys()) {
            result = result.with(key, other.row(key));
        }
        return result;
    }

    boolean agreesOn(Range range, Table other) {
        return range.keys().stream().allMatch(key -> row(key).equals(other.row(key)));
    }

    @Override
    public String toString() {
        List<String> present = new ArrayList<>();
        for (Key key : Key.values()) {
            if (!row(key).isAbsent()) {
                present.add(key + "=" + row(key));
            }
        }
        return "{" + String.join(" ", present) + "}";
    }
}
