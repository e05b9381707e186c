package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a slice leaves the rows of one table that it changes.
 *
 * @param truncated whether all rows that were there before are gone
 * @param rows the last state of each key, empty for a row that is gone; in the order of their first change
 */
record LastStates(boolean truncated, Map<List<String>, Optional<Tuple>> rows) {
    static LastStates of(Slice slice, TableName table) {
        Map<List<String>, Optional<Tuple>> rows = new LinkedHashMap<>();
        boolean truncated = false;
        for (RowChange change : slice.changes()) {
            if (!change.source().name().equals(table)) {
                continue;
            }
            switch (change) {
                case RowChange.Insert insert -> rows.put(insert.key(), Optional.of(insert.row()));
                case RowChange.Delete delete -> rows.put(delete.key(), Optional.empty());
                case RowChange.Update update -> {
                    if (update.moves()) {
                        rows.put(update.before(), Optional.empty());
                    }
                    rows.put(update.key(), Optional.of(update.row()));
                }
                case RowChange.Truncate _ -> {
                    rows.clear();
                    truncated = true;
                }
            }
        }
        return new LastStates(truncated, rows);
    }

    boolean isEmpty() {
        return rows.isEmpty() && !truncated;
    }

    /** Column by column, as parameters. */
    static Object[] columns(Collection<List<String>> keys) {
        List<List<String>> all = new ArrayList<>(keys);
        Object[] columns = new Object[all.getFirst().size()];
        for (int column = 0; column < columns.length; column++) {
            int index = column;
            columns[column] = all.stream().map(key -> key.get(index)).toArray(String[]::new);
        }
        return columns;
    }
}
