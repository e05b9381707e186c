package io.viridian.cutover.gate;

import io.viridian.cutover.MeasuredPause;
import io.viridian.cutover.SwitchSettings;
import io.viridian.migration.SwitchStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How long the writers would wait if a switch began now, term by term: what was measured when it was rehearsed, with
 * what is different now. The routes are set behind the pause, so they are told and not counted. Immutable.
 */
public final class PauseForecast {
    /** Seen on servers that stand next to each other, doubled; only until a switch has measured them. */
    private static final Duration COMMIT_ASSUMED = Duration.ofMillis(20);

    private static final Duration OPEN_ASSUMED = Duration.ofMillis(50);

    /** Below that a rate would mostly be made of the round trips. */
    private static final long ROWS_FOR_A_RATE = 200;

    /** Per row, where the rehearsal compared too few to tell. */
    private static final Duration ROW_ASSUMED = Duration.ofNanos(50_000);

    /** A stream at rest always has a little on its way, which the rehearsal has waited for as well. */
    private static final long LAG_AT_REST = 1L << 20;

    private final List<PauseTerm> terms;

    private PauseForecast(List<PauseTerm> terms) {
        this.terms = List.copyOf(terms);
    }

    /**
     * What the servers say now.
     *
     * @param oldestWriter how long the oldest transaction that writes on the source has run, and whose it is
     * @param lagBytes of the source's log that the target does not have
     * @param lag the same in time
     * @param budget of the pause, which the wait for the locks never exceeds either
     */
    record Now(Optional<OldestWriter> oldestWriter, long lagBytes, Optional<Duration> lag, Duration budget) {}

    /** A transaction that the locks would wait for. */
    record OldestWriter(Duration age, String who) {}

    /** Empty while nothing was measured in this direction. */
    static Optional<PauseForecast> of(PauseFacts facts, Now now) {
        return facts.base().map(base -> of(base, facts, now));
    }

    private static PauseForecast of(MeasuredPause base, PauseFacts facts, Now now) {
        List<PauseTerm> terms = new ArrayList<>();
        terms.add(locks(base, now));
        terms.add(drain(base, facts, now));
        terms.add(verify(base, facts));
        terms.add(asMeasured(base, SwitchStep.SEQUENCES));
        terms.add(asMeasured(base, SwitchStep.REVERSE));
        terms.add(ofASwitch(facts, SwitchStep.COMMIT, COMMIT_ASSUMED));
        terms.add(ofASwitch(facts, SwitchStep.OPEN, OPEN_ASSUMED));
        return new PauseForecast(terms);
    }

    /**
     * A writer that is open now may stay as long again. Nobody is waited for longer than an attempt to lock lasts: what
     * a switch took beyond was spent on finding out what had become of it.
     */
    private static PauseTerm locks(MeasuredPause base, Now now) {
        Duration patience = min(SwitchSettings.LOCK_TIMEOUT, now.budget());
        Optional<PauseTerm> writer = now.oldestWriter()
                .filter(one -> one.age().compareTo(base.locks()) > 0)
                .map(one -> new PauseTerm(
                        SwitchStep.FENCE,
                        min(one.age(), patience),
                        true,
                        "measured now: " + one.who() + " has written for " + Words.duration(one.age())));
        return writer.orElseGet(() -> new PauseTerm(SwitchStep.FENCE, min(base.locks(), patience), true, base.words()));
    }

    private static PauseTerm drain(MeasuredPause base, PauseFacts facts, Now now) {
        Duration rehearsed = base.of(SwitchStep.DRAIN);
        long more = now.lagBytes() - LAG_AT_REST;
        if (more <= 0) {
            return asMeasured(base, SwitchStep.DRAIN);
        }
        if (facts.bytesPerSecond().isPresent()) {
            long rate = Math.max(1, facts.bytesPerSecond().getAsLong());
            double seconds = (double) more / rate;
            Duration takes = rehearsed.plus(Duration.ofMillis(Math.round(seconds * 1000)));
            return new PauseTerm(
                    SwitchStep.DRAIN,
                    takes,
                    true,
                    "measured now: " + Words.bytes(now.lagBytes()) + " behind, at " + Words.bytes(rate)
                            + "/s, on top of " + rehearsed.toMillis() + " ms " + base.words());
        }
        Duration lag = now.lag().orElse(Duration.ZERO);
        return new PauseTerm(
                SwitchStep.DRAIN,
                rehearsed.plus(lag),
                true,
                "measured now: " + Words.duration(lag) + " behind, on top of " + rehearsed.toMillis() + " ms "
                        + base.words());
    }

    /** Tables without a key are compared as a whole, now as then; rows by their keys as many as are touched. */
    private static PauseTerm verify(MeasuredPause base, PauseFacts facts) {
        Duration rehearsed = base.of(SwitchStep.VERIFY);
        long more = facts.touched() - base.rows();
        if (more <= 0) {
            return asMeasured(base, SwitchStep.VERIFY);
        }
        boolean measured = base.rows() >= ROWS_FOR_A_RATE;
        Duration row = measured ? rehearsed.dividedBy(base.rows()) : ROW_ASSUMED;
        return new PauseTerm(
                SwitchStep.VERIFY,
                rehearsed.plus(row.multipliedBy(more)),
                true,
                "measured now: " + facts.touched() + " rows to compare; " + base.rows() + " took "
                        + rehearsed.toMillis() + " ms, " + base.words());
    }

    private static PauseTerm asMeasured(MeasuredPause base, SwitchStep step) {
        return new PauseTerm(step, base.of(step), true, base.words());
    }

    /** Once a server was away in the middle of a switch, no rehearsal could show that it will not be the next time. */
    private static PauseTerm ofASwitch(PauseFacts facts, SwitchStep step, Duration assumed) {
        return facts.lastSwitch()
                .map(one -> new PauseTerm(step, one.of(step), false, one.words()))
                .orElseGet(() -> new PauseTerm(step, assumed, false, "assumed: no switch has measured it yet"));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** In the order in which they are spent. */
    public List<PauseTerm> terms() {
        return terms;
    }

    /** All of it. */
    public Duration pause() {
        return sum(terms);
    }

    /** What a rehearsal could disprove; the rest keeps nobody from a switch. */
    Duration refutable() {
        return sum(terms.stream().filter(PauseTerm::refutable).toList());
    }

    private static Duration sum(List<PauseTerm> terms) {
        return terms.stream().map(PauseTerm::takes).reduce(Duration.ZERO, Duration::plus);
    }

    /** The longest of those: what is at fault when it is too long. */
    PauseTerm longest() {
        return terms.stream()
                .filter(PauseTerm::refutable)
                .max(Comparator.comparing(PauseTerm::takes))
                .orElseThrow();
    }

    /** The sum, and its terms with the kind of their source; the plan has the whole of it. */
    String words() {
        StringBuilder text = new StringBuilder(pause().toMillis() + " ms: ");
        for (int index = 0; index < terms.size(); index++) {
            PauseTerm term = terms.get(index);
            text.append(term.name()).append(' ').append(term.takes().toMillis());
            boolean last = index + 1 == terms.size();
            if (last || !terms.get(index + 1).kind().equals(term.kind())) {
                text.append(" (").append(term.kind()).append(')');
            }
            text.append(last ? "" : ", ");
        }
        return text.toString();
    }
}
