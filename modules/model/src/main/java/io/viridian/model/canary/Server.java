package io.viridian.model.canary;

import java.util.ArrayList;
import java.util.List;

/**
 * One database.
 *
 * @param row as it is committed
 * @param application what an application's open transaction is doing to the row
 * @param log what was committed here
 * @param progress how far the other side's log is applied here
 * @param mark of the conflicts that are kept here
 * @param locked whether a settlement holds the lock of the table
 * @param underWay a settlement that was sent and whose outcome nobody knows; it holds the lock of the table, too
 */
record Server(
        Row row, Application application, List<Entry> log, int progress, Mark mark, boolean locked, Settling underWay) {
    static final Server FIRST_DAY =
            new Server(Row.NONE, Application.NONE, List.of(), 0, Mark.NONE, false, Settling.NONE);

    Server {
        log = List.copyOf(log);
    }

    /** An open transaction; it holds the lock of a row that is there, and of one that it makes. */
    enum Application {
        NONE,
        WRITES,
        REMOVES
    }

    /**
     * What a settlement commits on the side whose row goes.
     *
     * @param row takes the place of the row
     * @param mark is kept with the conflict
     * @param conflict the writes that it settles, a bit each
     */
    record Settling(Row row, Mark mark, int conflict) {
        static final Settling NONE = new Settling(Row.NONE, Mark.NONE, 0);

        boolean is() {
            return conflict != 0;
        }
    }

    int end() {
        return log.size();
    }

    boolean isIdle() {
        return application == Application.NONE;
    }

    Server with(Row changed) {
        return new Server(changed, application, log, progress, mark, locked, underWay);
    }

    Server with(Application changed) {
        return new Server(row, changed, log, progress, mark, locked, underWay);
    }

    Server with(Entry.Origin origin, Write write) {
        List<Entry> longer = new ArrayList<>(log);
        longer.add(new Entry(origin, write));
        return new Server(row, application, longer, progress, mark, locked, underWay);
    }

    Server appliedUpTo(int position) {
        return new Server(row, application, log, position, mark, locked, underWay);
    }

    Server with(Mark kept) {
        return new Server(row, application, log, progress, mark.and(kept), locked, underWay);
    }

    Server locked(boolean changed) {
        return new Server(row, application, log, progress, mark, changed, underWay);
    }

    Server with(Settling sent) {
        return new Server(row, application, log, progress, mark, sent.is(), sent);
    }

    @Override
    public String toString() {
        return row + (isIdle() ? "" : ", an application " + (application == Application.WRITES ? "writes" : "removes"))
                + (locked ? ", locked" : "") + (underWay.is() ? " with a settlement under way" : "") + ", log " + log
                + ", applied " + progress;
    }
}
