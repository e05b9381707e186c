package io.viridian.cutover.gate;

import java.util.Optional;

/** Every row was copied. */
final class BackfillComplete implements Check {
    @Override
    public String id() {
        return "backfill.complete";
    }

    @Override
    public String firmBecause() {
        return "rows that are not copied would be missing on the side that is to own the writes";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        boolean complete = inquiry.facts().backfillComplete();
        return Observation.of(
                complete,
                complete ? "complete" : "under way",
                "complete",
                "Wait until every table is copied; `viridian tables` shows how far.");
    }
}
