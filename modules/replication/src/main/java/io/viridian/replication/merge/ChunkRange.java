package io.viridian.replication.merge;

import io.viridian.plan.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A half-open stretch of one table's key space. The first chunk is open below, the last is open above, so no key is
 * ever outside every chunk.
 *
 * @param number counts from 0 within the table, in key order
 * @param low the first key, empty for no bound
 * @param high the first key after it, empty for no bound
 * @param whole the table in one chunk, in no particular order
 */
public record ChunkRange(
        TableName table, int number, Optional<List<String>> low, Optional<List<String>> high, boolean whole) {
    public static ChunkRange wholeTable(TableName table) {
        return new ChunkRange(table, 0, Optional.empty(), Optional.empty(), true);
    }

    @Override
    public String toString() {
        return whole
                ? table + " (whole)"
                : table + " chunk " + number + " [" + low.map(Object::toString).orElse("-inf") + ", "
                        + high.map(Object::toString).orElse("+inf") + ")";
    }
}
