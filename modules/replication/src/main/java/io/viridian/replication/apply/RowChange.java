package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change of one row of a source, with keys taken out of the tuples. Keys are source key values as text. */
public sealed interface RowChange {
    SourceLayout source();

    /** Its key, after the change if it changes; empty for a row without a key, and for all rows. */
    List<String> key();

    /** A row that was not there before. */
    record Insert(SourceLayout source, List<String> key, Tuple row) implements RowChange {}

    /**
     * A row with new values.
     *
     * @param before its key before, the same list when the key did not change
     * @param old the whole old row when the identity is full, else null
     */
    record Update(
            SourceLayout source,
            List<String> before,
            List<String> key,
            Tuple row,
            @Nullable Tuple old) implements RowChange {
        public boolean moves() {
            return !before.equals(key);
        }
    }

    /** A row that is gone; {@code old} is the whole old row when the identity is full. */
    record Delete(SourceLayout source, List<String> key, Tuple old) implements RowChange {}

    /** Every row of the table is gone. */
    record Truncate(SourceLayout source) implements RowChange {
        @Override
        public List<String> key() {
            return List.of();
        }
    }

    /** Roughly what it holds in memory. */
    default long bytes() {
        return switch (this) {
            case Insert change -> 96 + change.row().bytes();
            case Update change ->
                128
                        + change.row().bytes()
                        + (change.old() == null ? 0 : change.old().bytes());
            case Delete change -> 96 + change.old().bytes();
            case Truncate _ -> 64;
        };
    }
}
