package io.viridian.feed;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row in the text form of the source's types, in the order of the described columns. A value may be
 * null, or {@link #UNCHANGED}: stored out of line, left alone by this update and therefore not carried. The array is
 * never written after construction.
 */
public final class Tuple {
    /** Stands for a value that the stream did not carry because the update did not touch it. Compare by identity. */
    @SuppressWarnings("StringOperationCanBeSimplified")
    public static final String UNCHANGED = new String("<unchanged>");

    private final @Nullable String[] values;

    public Tuple(@Nullable String[] values) {
        this.values = values;
    }

    public int size() {
        return values.length;
    }

    public @Nullable String value(int column) {
        return values[column];
    }

    @SuppressWarnings("ReferenceEquality")
    public boolean unchanged(int column) {
        return values[column] == UNCHANGED;
    }

    public boolean complete() {
        for (int column = 0; column < values.length; column++) {
            if (unchanged(column)) {
                return false;
            }
        }
        return true;
    }

    /** This row, with the values it does not carry taken from an older image of the same row. */
    public Tuple over(Tuple older) {
        @Nullable String[] merged = Arrays.copyOf(values, values.length);
        for (int column = 0; column < merged.length; column++) {
            if (unchanged(column)) {
                merged[column] = older.value(column);
            }
        }
        return new Tuple(merged);
    }

    /** This row, with the values of these columns taken from another image where this one does not carry them. */
    public Tuple with(int[] columns, Tuple other) {
        @Nullable String[] merged = Arrays.copyOf(values, values.length);
        for (int column : columns) {
            if (unchanged(column)) {
                merged[column] = other.value(column);
            }
        }
        return new Tuple(merged);
    }

    /** A rough size in memory, in bytes: enough to bound queues by. */
    public long bytes() {
        long bytes = 32;
        for (String value : values) {
            bytes += value == null ? 4 : 44 + value.length();
        }
        return bytes;
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
