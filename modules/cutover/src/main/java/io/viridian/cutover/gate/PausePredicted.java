package io.viridian.cutover.gate;

import io.viridian.migration.SwitchStep;
import io.viridian.postgres.slot.Slots;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pause that is to be expected now stays within the budget. Without a rehearsal or a switch in this direction there
 * is nothing to predict from.
 */
final class PausePredicted implements Check {
    private volatile @Nullable PauseForecast last;

    @Override
    public String id() {
        return "pause.predicted";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    /** What was foreseen when the gates were last read. */
    Optional<PauseForecast> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Optional<PauseForecast> forecast = inquiry.facts().pause().base().isEmpty()
                ? Optional.empty()
                : PauseForecast.of(inquiry.facts().pause(), now(inquiry));
        last = forecast.orElse(null);
        return forecast.flatMap(one -> observation(one, inquiry.limits().writePauseBudget()));
    }

    private static Optional<Observation> observation(PauseForecast forecast, Duration budget) {
        PauseTerm longest = forecast.longest();
        boolean fits = forecast.refutable().compareTo(budget) <= 0;
        return Observation.of(
                fits,
                forecast.words() + (fits ? "" : "; at fault: " + longest.name() + ", " + longest.words()),
                "at most " + Words.duration(budget),
                hint(longest.step()));
    }

    private static String hint(SwitchStep atFault) {
        return switch (atFault) {
            case FENCE -> "Let the transaction end, or end it; then run `viridian rehearse` again.";
            case DRAIN -> "Let the stream catch up: less load, or more time.";
            case VERIFY ->
                "Run `viridian verify`: fewer rows are left to compare then. A key on tables without one helps.";
            case SEQUENCES, REVERSE, COMMIT, OPEN, ROUTE ->
                "Run `viridian rehearse` at a quieter time; it shows which step takes long.";
        };
    }

    private static PauseForecast.Now now(Inquiry inquiry) {
        String ours = inquiry.parts().on(inquiry.source()).applicationName();
        return inquiry.ask(
                inquiry.source(),
                session -> new PauseForecast.Now(
                        LongestTransaction.oldest(session, ours),
                        Slots.currentWal(session)
                                .bytesSince(inquiry.facts().lane().applied()),
                        LagSeconds.lag(inquiry),
                        inquiry.limits().writePauseBudget()));
    }
}
