package io.viridian.replication.lane;

import io.viridian.plan.TableName;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The keys written since both sides were proven to be equal. While a verification compares everything they are in two
 * parts, from before its point and from after it, so that one that comes to no result costs nothing that is known.
 * Unknown after a start, because what was written before is not remembered, and when there are more than can be
 * compared within a write pause. Guarded by itself.
 */
final class TouchedKeys {
    /** About 20 MB, and about a second of comparing: more than fits into a write pause anyway. */
    static final int KEYS_MAX = 200_000;

    private final KnownKeys marked = new KnownKeys();
    private final KnownKeys since = new KnownKeys();

    TouchedKeys() {
        since.forget();
    }

    synchronized void add(Slice slice) {
        for (RowChange change : slice.changes()) {
            TableName table = change.source().name();
            switch (change) {
                case RowChange.Insert insert -> since.add(table, insert.key());
                case RowChange.Delete delete -> since.add(table, delete.key());
                case RowChange.Update update -> {
                    since.add(table, update.key());
                    since.add(table, update.before());
                }
                case RowChange.Truncate _ -> since.forget();
            }
        }
        forgetIfTooMany();
    }

    private void forgetIfTooMany() {
        if (since.size() > KEYS_MAX) {
            since.forget();
        }
        if (since.size() + marked.size() > KEYS_MAX) {
            marked.forget();
        }
    }

    /** Everything was proven just now. */
    synchronized void restart() {
        marked.restart();
        since.restart();
    }

    /** Everything is about to be compared as it is now. */
    synchronized void mark() {
        marked.addAll(since);
        since.restart();
    }

    /** Everything was equal at the mark. */
    synchronized void forgetMarked() {
        marked.restart();
    }

    /** Those that are in both parts count twice. */
    synchronized OptionalInt count() {
        return known() ? OptionalInt.of(marked.size() + since.size()) : OptionalInt.empty();
    }

    private boolean known() {
        return marked.known() && since.known();
    }

    /** What is remembered, and starts anew; when nothing is known, nothing changes. */
    synchronized Optional<Map<TableName, List<List<String>>>> take() {
        Optional<Map<TableName, List<List<String>>>> taken = snapshot();
        if (taken.isPresent()) {
            restart();
        }
        return taken;
    }

    /** Remembers these besides. */
    synchronized void add(Map<TableName, List<List<String>>> besides) {
        besides.forEach((table, ofTable) -> ofTable.forEach(key -> since.add(table, key)));
        forgetIfTooMany();
    }

    synchronized Optional<Map<TableName, List<List<String>>>> snapshot() {
        if (!known()) {
            return Optional.empty();
        }
        KnownKeys all = new KnownKeys();
        all.addAll(marked);
        all.addAll(since);
        return Optional.of(all.copy());
    }
}
