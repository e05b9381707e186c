package io.viridian.model.merge;

import io.viridian.model.merge.WalRecord.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The database that is being copied.
 *
 * @param log every record written, in order
 * @param visible the transactions a snapshot taken now would see: not always a prefix of the log
 */
record Blue(List<WalRecord> log, int visible) {
    static final Blue FIRST_DAY = new Blue(List.of(), 0);

    Blue {
        log = List.copyOf(log);
    }

    int end() {
        return log.size();
    }

    Blue write(WalRecord record) {
        List<WalRecord> longer = new ArrayList<>(log);
        longer.add(record);
        return new Blue(longer, visible);
    }

    Blue show(int transaction) {
        return new Blue(log, visible | 1 << transaction);
    }

    boolean hasRecordOf(int transaction) {
        return log.contains(new Commit(transaction));
    }

    /** The rows as the first {@code end} records leave them. */
    Table prefix(History history, int end) {
        return content(history, end, _ -> true);
    }

    /** The rows a snapshot sees that sees exactly these transactions. */
    Table seenBy(History history, int snapshot) {
        return content(history, end(), transaction -> (snapshot >> transaction & 1) != 0);
    }

    private Table content(History history, int end, IntPredicate included) {
        Table table = history.before();
        for (WalRecord record : log.subList(0, end)) {
            if (record instanceof Commit(int transaction) && included.test(transaction)) {
                for (Change change : history.changes(transaction)) {
                    table = change.applyTo(table).orElseThrow();
                }
            }
        }
        return table;
    }
}
