package io.viridian.daemon.engine;

import io.viridian.cutover.OwnershipRows;
import io.viridian.journal.ControlSchema;
import io.viridian.journal.InterimJournal;
import io.viridian.journal.Lease;
import io.viridian.migration.Journal;
import io.viridian.postgres.Database;

/**
 * What a start makes of the journals that it finds: the one of the configuration, and one on blue that stood in for it
 * while it did not answer. The starting thread.
 */
record Resumption(EngineParts parts, Happenings happenings) {
    /** Whether an earlier daemon left something in the journal's database. */
    static boolean journalThere(EngineParts parts) {
        return parts.journalDatabase()
                .query(session -> ControlSchema.present(session)
                        && session.one(
                                "select to_regclass('viridian.migration_journal') is not null", row -> row.truth(1)));
    }

    /** Whether an earlier daemon left a journal; it is complete then. */
    boolean begun() {
        boolean journal = journalThere(parts);
        if (journal) {
            ControlSchema.upgrade(parts.journalDatabase(), ControlSchema.Role.JOURNAL);
        } else if (leftBehind()) {
            // The journal's database was lost, and this is another one in its place.
            ControlSchema.install(parts.journalDatabase(), ControlSchema.Role.JOURNAL);
        }
        return journal || leftBehind();
    }

    /** Completes what an older version prepared on the sides. A side that is not prepared yet gets all of it later. */
    void complete() {
        complete(parts.blue(), ControlSchema.Role.BLUE);
        complete(parts.green(), ControlSchema.Role.GREEN);
    }

    private void complete(Database side, ControlSchema.Role role) {
        if (side.query(session -> OwnershipRows.read(session, parts.migration()).isPresent())) {
            ControlSchema.upgrade(side, role);
        }
    }

    private boolean leftBehind() {
        return parts.journalApart() && interim().begun();
    }

    private InterimJournal interim() {
        return new InterimJournal(parts.blue(), parts.migration());
    }

    /** Has the journal know what happened where it was not; after the predecessor's rights have ended. */
    void settle(Journal journal, Lease lease) {
        if (leftBehind()) {
            interim().carryInto(parts.journalDatabase(), lease);
        }
        if (parts.interim() && journal.last().isEmpty()) {
            RowsDecide.begin(parts, journal, happenings);
        } else {
            RowsDecide.settle(parts, journal, happenings);
        }
    }
}
