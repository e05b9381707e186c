package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.journal.InterimJournal;
import io.viridian.journal.PlanCopy;
import java.util.Optional;

/**
 * What a start needs before it can lead without the journal's database: ownership rows that say a switch has happened,
 * and the plan on blue. Nothing is changed before both are there. Stateless.
 */
final class WithoutJournal {
    private WithoutJournal() {}

    /**
     * Has a journal on blue stand in for the real one.
     *
     * @throws io.viridian.fault.FaultException with JOURNAL_UNREACHABLE naming what only the journal knows, or when no
     *     switch has happened
     */
    static void begin(EngineParts parts) {
        InterimJournal interim = new InterimJournal(parts.blue(), parts.migration());
        if (interim.begun()) {
            return;
        }
        RowsDecide.switched(parts);
        Optional<PlanCopy> plan = parts.blue().query(session -> PlanCopy.find(session, parts.migration()));
        interim.begin(plan.orElseThrow(() -> Fault.about(
                        FaultCode.JOURNAL_UNREACHABLE,
                        parts.migration(),
                        "the plan that " + parts.migration() + " was begun with is in the journal's database only, "
                                + "which does not answer: no daemon of this version has worked on it yet")
                .asException()));
    }
}
