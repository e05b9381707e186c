package io.viridian.daemon.engine;

import io.viridian.cutover.OwnershipRows;
import io.viridian.journal.ControlSchema;
import io.viridian.journal.PlanCopy;
import io.viridian.postgres.Session;
import java.util.Optional;

/**
 * Keeps on blue what a way back needs of a journal that lives elsewhere: when that is gone, the ownership rows say who
 * owns the writes, and this says by which plan. Stateless.
 */
final class PlanOnBlue {
    private PlanOnBlue() {}

    /** What is to be kept; empty when the journal lives on blue, or has no plan yet. */
    static Optional<PlanCopy> of(EngineParts parts) {
        return parts.journalApart() ? PlanCopy.ofJournal(parts.journalDatabase(), parts.migration()) : Optional.empty();
    }

    /** Makes up for it, for a migration that an older version began. The preparation does it with its first rows. */
    static void keep(EngineParts parts) {
        Optional<PlanCopy> copy = of(parts);
        if (copy.isPresent() && parts.blue().query(session -> isPrepared(session, parts.migration()))) {
            ControlSchema.upgrade(parts.blue(), ControlSchema.Role.BLUE);
            parts.blue().run(session -> copy.get().keep(session, parts.migration()));
        }
    }

    private static boolean isPrepared(Session session, String migration) {
        return OwnershipRows.read(session, migration).isPresent()
                && PlanCopy.find(session, migration).isEmpty();
    }
}
