package io.viridian.verification;

import io.viridian.plan.Sql;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions on one side of an exact pair: readers that share one snapshot, and a guard that keeps the tables as they
 * are until the readers have locked them themselves. The calls come in the order of the methods. One thread at a time.
 */
final class SnapshotSide implements AutoCloseable {
    private final Database database;
    private final Session guard;
    private final List<Session> readers = new ArrayList<>();

    private SnapshotSide(Database database, Deadline by) {
        this.database = database;
        this.guard = Sessions.open(database, "verify guard", by);
    }

    static SnapshotSide open(Database database, int readers, Deadline by) {
        SnapshotSide side = new SnapshotSide(database, by);
        try {
            for (int reader = 0; reader < readers; reader++) {
                side.readers.add(Sessions.open(database, "verify", by));
            }
            return side;
        } catch (RuntimeException | Error failure) {
            side.close();
            throw failure;
        }
    }

    Session reader(int index) {
        return readers.get(index);
    }

    List<Session> sessions() {
        List<Session> all = new ArrayList<>(readers);
        all.add(guard);
        return all;
    }

    void guardTables(TableLocks locks) {
        guard.begin();
        locks.guard(database, guard);
    }

    /**
     * As {@link #guardTables}, and from here on the server keeps every version of a row that a later snapshot may see:
     * one that a slot exports it does not always keep ({@link SnapshotExport}).
     */
    void guardTablesAndRows(TableLocks locks) {
        guard.beginSnapshot();
        locks.guard(database, guard);
        requireGuarded();
    }

    /**
     * All readers see what this snapshot sees, from here to the end of their transactions.
     *
     * @throws io.viridian.fault.FaultException also when the guard has gone in the meantime, so that nobody knows what
     *     they see
     */
    void see(String snapshot) {
        for (Session reader : readers) {
            see(reader, snapshot);
        }
        requireGuarded();
    }

    /** Takes the guard's snapshot, or finds that it still has it. */
    private void requireGuarded() {
        guard.one("select 1", row -> row.number(1));
    }

    /** All readers see what is committed now. */
    void seeNow() {
        Session first = readers.getFirst();
        first.beginSnapshot();
        String snapshot = first.one("select pg_export_snapshot()", row -> row.text(1));
        for (Session other : readers.subList(1, readers.size())) {
            see(other, snapshot);
        }
    }

    private static void see(Session reader, String snapshot) {
        reader.beginSnapshot();
        reader.execute("set transaction snapshot " + Sql.literal(snapshot));
    }

    /** The readers take over from the guard. */
    void lockTables(TableLocks locks) {
        for (Session reader : readers) {
            locks.stack(database, reader);
        }
        guard.rollback();
    }

    @Override
    public void close() {
        Sessions.close(sessions());
    }
}
