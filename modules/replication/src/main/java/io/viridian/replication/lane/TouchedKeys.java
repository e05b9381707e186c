package io.viridian.replication.lane;

import io.viridian.plan.TableName;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The keys written since the last full verification began. Unknown after a start, because what was written before is
 * not remembered, and when there are more than can be compared within a write pause. Guarded by itself.
 */
final class TouchedKeys {
    /** About 20 MB, and about a second of comparing: more than fits into a write pause anyway. */
    private static final int KEYS_MAX = 200_000;

    private final Map<TableName, Set<List<String>>> keys = new HashMap<>();
    private int count;
    private boolean known;

    synchronized void add(Slice slice) {
        if (!known) {
            return;
        }
        for (RowChange change : slice.changes()) {
            TableName table = change.source().name();
            switch (change) {
                case RowChange.Insert insert -> add(table, insert.key());
                case RowChange.Delete delete -> add(table, delete.key());
                case RowChange.Update update -> {
                    add(table, update.key());
                    add(table, update.before());
                }
                case RowChange.Truncate _ -> forget();
            }
        }
        forgetIfTooMany();
    }

    private void forgetIfTooMany() {
        if (count > KEYS_MAX) {
            forget();
        }
    }

    private void add(TableName table, List<String> key) {
        if (keys.computeIfAbsent(table, _ -> new HashSet<>()).add(key)) {
            count++;
        }
    }

    /** Unknown from now on, until the next verification. */
    private void forget() {
        known = false;
        keys.clear();
        count = 0;
    }

    synchronized void restart() {
        forget();
        known = true;
    }

    synchronized OptionalInt count() {
        return known ? OptionalInt.of(count) : OptionalInt.empty();
    }

    /** What is remembered, and starts anew; when nothing is known, nothing changes. */
    synchronized Optional<Map<TableName, List<List<String>>>> take() {
        Optional<Map<TableName, List<List<String>>>> taken = snapshot();
        if (known) {
            restart();
        }
        return taken;
    }

    /** Remembers these besides. */
    synchronized void add(Map<TableName, List<List<String>>> besides) {
        if (!known) {
            return;
        }
        besides.forEach((table, ofTable) -> ofTable.forEach(key -> add(table, key)));
        forgetIfTooMany();
    }

    synchronized Optional<Map<TableName, List<List<String>>>> snapshot() {
        if (!known) {
            return Optional.empty();
        }
        Map<TableName, List<List<String>>> copy = new HashMap<>();
        keys.forEach((table, ofTable) -> copy.put(table, new ArrayList<>(ofTable)));
        return Optional.of(copy);
    }
}
