package io.viridian.replication.lane;

import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keys by table, or that they are not known, which lasts until they are counted anew. One thread. */
final class KnownKeys {
    private final Map<TableName, Set<List<String>>> keys = new HashMap<>();
    private int size;
    private boolean known = true;

    boolean known() {
        return known;
    }

    /** Zero while they are not known. */
    int size() {
        return size;
    }

    void add(TableName table, List<String> key) {
        if (known && keys.computeIfAbsent(table, _ -> new HashSet<>()).add(key)) {
            size++;
        }
    }

    void addAll(KnownKeys others) {
        if (!others.known) {
            forget();
        }
        others.keys.forEach((table, ofTable) -> ofTable.forEach(key -> add(table, key)));
    }

    void forget() {
        restart();
        known = false;
    }

    void restart() {
        keys.clear();
        size = 0;
        known = true;
    }

    Map<TableName, List<List<String>>> copy() {
        Map<TableName, List<List<String>>> copy = new HashMap<>();
        keys.forEach((table, ofTable) -> copy.put(table, new ArrayList<>(ofTable)));
        return copy;
    }
}
