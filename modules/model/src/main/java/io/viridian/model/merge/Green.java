package io.viridian.model.merge;

/**
 * The database that is being filled. Everything in it is durable.
 *
 * @param table its rows
 * @param progress the progress row: how many records of blue's log these rows contain
 * @param copied the ledger: the ranges whose chunk is merged
 * @param epoch of the daemon that may write; raised by every start of a daemon
 */
record Green(Table table, int progress, int copied, int epoch) {
    static final Green EMPTY = new Green(Table.EMPTY, 0, 0, 1);

    boolean hasCopied(Range range) {
        return (copied & range.bit()) != 0;
    }

    boolean isComplete() {
        return copied == Range.all();
    }

    Green withTable(Table rows) {
        return new Green(rows, progress, copied, epoch);
    }

    Green withProgress(int position) {
        return new Green(table, position, copied, epoch);
    }

    Green withCopied(Range range) {
        return new Green(table, progress, copied | range.bit(), epoch);
    }

    Green withNextEpoch() {
        return new Green(table, progress, copied, epoch + 1);
    }

    @Override
    public String toString() {
        String ledger =
                isComplete() ? " low+high" : hasCopied(Range.LOW) ? " low" : hasCopied(Range.HIGH) ? " high" : "";
        return "green " + table + " progress " + progress + " copied" + (copied == 0 ? " nothing" : ledger);
    }
}
