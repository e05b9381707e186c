package io.viridian.model.merge;

import io.viridian.model.merge.Change.Patch;
import io.viridian.model.merge.Change.Put;
import io.viridian.model.merge.Change.Remove;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What the applications do to blue while it is copied: the rows of the first day, and a few transactions. Their order
 * in the log is left open except where two of them touch the same row; those keep the order they are written in here.
 * Each history is equal to itself only.
 */
final class History {
    private static final Table ONE_ROW_IN_EACH_RANGE =
            Table.EMPTY.with(Key.A, new Row(1, 'x')).with(Key.B, new Row(1, 'y'));

    /** Nothing shares a row: every order of records and of visibility is possible. */
    static final History INDEPENDENT = new History(
            ONE_ROW_IN_EACH_RANGE,
            List.of(
                    List.of(new Patch(Key.A, 2)),
                    List.of(new Put(Key.C, new Row(2, 'z'))),
                    List.of(new Remove(Key.B))));

    /** A partial image, then the row is gone: the image must never meet a key without a row. */
    static final History PATCHED_THEN_REMOVED = new History(
            ONE_ROW_IN_EACH_RANGE,
            List.of(
                    List.of(new Patch(Key.A, 2), new Put(Key.C, new Row(2, 'z'))),
                    List.of(new Remove(Key.A)),
                    List.of(new Patch(Key.B, 3))));

    /** A row comes back under its old key, and a transaction touches both ranges. */
    static final History REMOVED_THEN_INSERTED = new History(
            Table.EMPTY.with(Key.A, new Row(1, 'x')).with(Key.C, new Row(1, 'z')),
            List.of(
                    List.of(new Remove(Key.A)),
                    List.of(new Put(Key.A, new Row(3, 'w')), new Put(Key.B, new Row(3, 'y'))),
                    List.of(new Patch(Key.C, 4))));

    /** The smallest that still has an insert, a partial image, a removal and a transaction in both ranges. */
    static final History SHORT = new History(
            ONE_ROW_IN_EACH_RANGE,
            List.of(List.of(new Patch(Key.A, 2), new Put(Key.C, new Row(2, 'z'))), List.of(new Remove(Key.A))));

    /** Two transactions that do not wait for each other, one in each range. */
    static final History SHORT_INDEPENDENT = new History(
            ONE_ROW_IN_EACH_RANGE,
            List.of(List.of(new Patch(Key.A, 2)), List.of(new Remove(Key.B), new Put(Key.C, new Row(2, 'z')))));

    private final Table before;
    private final List<List<Change>> transactions;
    private final int touchingLow;
    private final int touchingHigh;
    private final List<Integer> blockers;

    private History(Table before, List<List<Change>> transactions) {
        this.before = before;
        this.transactions = transactions;
        this.touchingLow = thoseWith(transactions, change -> change.key().range() == Range.LOW);
        this.touchingHigh = thoseWith(transactions, change -> change.key().range() == Range.HIGH);
        this.blockers = IntStream.range(0, transactions.size())
                .mapToObj(transaction -> earlierOnSameRow(transactions, transaction))
                .toList();
    }

    Table before() {
        return before;
    }

    int transactionCount() {
        return transactions.size();
    }

    /** The set of all transactions, one bit each. */
    int all() {
        return (1 << transactionCount()) - 1;
    }

    List<Change> changes(int transaction) {
        return transactions.get(transaction);
    }

    /** The transactions that touch a range, one bit each. */
    int touching(Range range) {
        return range == Range.LOW ? touchingLow : touchingHigh;
    }

    /** The earlier transactions that touch a row of this one: they must have released their row locks. */
    int blockersOf(int transaction) {
        return blockers.get(transaction);
    }

    private static int thoseWith(List<List<Change>> transactions, Predicate<Change> wanted) {
        int found = 0;
        for (int transaction = 0; transaction < transactions.size(); transaction++) {
            found |= transactions.get(transaction).stream().anyMatch(wanted) ? 1 << transaction : 0;
        }
        return found;
    }

    private static int earlierOnSameRow(List<List<Change>> transactions, int transaction) {
        List<Key> keys = transactions.get(transaction).stream().map(Change::key).toList();
        return thoseWith(transactions.subList(0, transaction), change -> keys.contains(change.key()));
    }

    static String name(int transaction) {
        return "t" + (transaction + 1);
    }

    /** A set of transactions, for printing. */
    static String names(int transactions) {
        StringBuilder text = new StringBuilder("{");
        for (int transaction = 0; transactions >> transaction != 0; transaction++) {
            if ((transactions >> transaction & 1) != 0) {
                text.append(text.length() > 1 ? " " : "").append(name(transaction));
            }
        }
        return text.append("}").toString();
    }
}
