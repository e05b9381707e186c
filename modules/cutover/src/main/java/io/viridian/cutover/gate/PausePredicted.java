package io.viridian.cutover.gate;

import java.time.Duration;
import java.util.Optional;

/** The last rehearsal stayed within the budget; without one there is nothing to predict from. */
final class PausePredicted implements Check {
    @Override
    public String id() {
        return "pause.predicted";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Duration budget = inquiry.limits().writePauseBudget();
        return inquiry.facts()
                .rehearsal()
                .flatMap(rehearsal -> Observation.of(
                        rehearsal.writePause().compareTo(budget) <= 0,
                        Words.duration(rehearsal.writePause()) + " when rehearsed",
                        "at most " + Words.duration(budget),
                        "Run `viridian rehearse` at a quieter time; it shows which step takes long."));
    }
}
