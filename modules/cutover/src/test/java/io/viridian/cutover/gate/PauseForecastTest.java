package io.viridian.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.MeasuredPause;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PauseForecastTest {
    private static final Instant THEN = Instant.parse("2026-11-27T02:00:00Z");

    private static final Map<SwitchStep, Duration> STEPS = Map.of(
            SwitchStep.FENCE, Duration.ofMillis(300),
            SwitchStep.DRAIN, Duration.ofMillis(20),
            SwitchStep.VERIFY, Duration.ofMillis(50),
            SwitchStep.SEQUENCES, Duration.ofMillis(5),
            SwitchStep.REVERSE, Duration.ofMillis(10));

    private static final PauseForecast.Now AT_REST =
            new PauseForecast.Now(Optional.empty(), 1000, Optional.of(Duration.ZERO), Duration.ofSeconds(3));

    /** One rehearsal, of a thousand rows. */
    static PauseFacts rehearsed(long millis, Map<SwitchStep, Duration> steps) {
        return new PauseFacts(
                Optional.of(new MeasuredPause(THEN, true, Direction.FORWARD, Duration.ofMillis(millis), steps, 1000)),
                Optional.empty(),
                0,
                OptionalLong.empty());
    }

    private static PauseForecast of(PauseFacts facts, PauseForecast.Now now) {
        return PauseForecast.of(facts, now).orElseThrow();
    }

    private static PauseTerm term(PauseForecast forecast, SwitchStep step) {
        return forecast.terms().stream()
                .filter(term -> term.step() == step)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutAMeasurementThereIsNone() {
        assertThat(PauseForecast.of(PauseFacts.NONE, AT_REST)).isEmpty();
    }

    @Test
    void isWhatWasRehearsedAndWhatNoRehearsalCanShow() {
        PauseForecast forecast = of(rehearsed(100, STEPS), AT_REST);
        // The fence begins before anybody waits: of its 300 ms the writers felt 15.
        assertThat(forecast.words())
                .isEqualTo(
                        "170 ms: locks 15, drain 20, verify 50, sequences 5, reverse 10 (rehearsed), commit 20, open 50 "
                                + "(assumed)");
        assertThat(forecast.refutable()).isEqualTo(Duration.ofMillis(100));
        assertThat(forecast.longest().name()).isEqualTo("verify");
    }

    @Test
    void takesCommitAndOpeningFromTheLastSwitch() {
        MeasuredPause back = new MeasuredPause(
                THEN.plusSeconds(60),
                false,
                Direction.REVERSE,
                Duration.ofMillis(60),
                Map.of(SwitchStep.COMMIT, Duration.ofMillis(3), SwitchStep.OPEN, Duration.ofMillis(7)),
                0);
        PauseFacts facts = new PauseFacts(rehearsed(100, STEPS).base(), Optional.of(back), 0, OptionalLong.empty());
        PauseForecast forecast = of(facts, AT_REST);
        assertThat(forecast.pause()).isEqualTo(Duration.ofMillis(110));
        assertThat(forecast.refutable())
                .as("what a server that was away in that switch could not spoil")
                .isEqualTo(Duration.ofMillis(100));
        assertThat(term(forecast, SwitchStep.OPEN).words()).isEqualTo("about 7 ms, switched at 2026-11-27T02:01:00Z");
    }

    /** Servers were away in the middle of it, and of its steps the last alone were measured. */
    @Test
    void aSwitchThatTookLongForOtherReasonsRefusesNothing() {
        MeasuredPause there = new MeasuredPause(
                THEN,
                false,
                Direction.FORWARD,
                Duration.ofSeconds(10),
                Map.of(SwitchStep.COMMIT, Duration.ofSeconds(1), SwitchStep.OPEN, Duration.ofMillis(7)),
                0);
        PauseForecast forecast =
                of(new PauseFacts(Optional.of(there), Optional.of(there), 0, OptionalLong.empty()), AT_REST);
        assertThat(forecast.refutable()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aWriterThatIsOpenNowIsWaitedForAsLongAsALockIs() {
        PauseForecast forecast = of(
                rehearsed(100, STEPS),
                new PauseForecast.Now(
                        Optional.of(new PauseForecast.OldestWriter(Duration.ofSeconds(8), "process 7 (job, active)")),
                        0,
                        Optional.empty(),
                        Duration.ofSeconds(3)));
        assertThat(term(forecast, SwitchStep.FENCE).takes()).isEqualTo(Duration.ofMillis(500));
        assertThat(forecast.longest().words()).contains("process 7 (job, active) has written for 8000 ms");
    }

    @Test
    void whatTheTargetDoesNotHaveIsDrainedAtTheRateThatWasSeen() {
        PauseForecast.Now behind = new PauseForecast.Now(
                Optional.empty(), 101L << 20, Optional.of(Duration.ofSeconds(9)), Duration.ofSeconds(3));
        PauseFacts facts =
                new PauseFacts(rehearsed(100, STEPS).base(), Optional.empty(), 0, OptionalLong.of(50L << 20));
        assertThat(term(of(facts, behind), SwitchStep.DRAIN).takes()).isEqualTo(Duration.ofMillis(2020));
        assertThat(of(facts, behind).longest().words()).contains("101 MiB behind, at 50 MiB/s");
        assertThat(term(of(rehearsed(100, STEPS), behind), SwitchStep.DRAIN).takes())
                .isEqualTo(Duration.ofMillis(9020));
    }

    @Test
    void moreRowsThanRehearsedTakeLongerToCompare() {
        PauseFacts facts = new PauseFacts(rehearsed(100, STEPS).base(), Optional.empty(), 3000, OptionalLong.empty());
        PauseTerm verify = term(of(facts, AT_REST), SwitchStep.VERIFY);
        assertThat(verify.takes()).isEqualTo(Duration.ofMillis(150));
        assertThat(verify.source()).contains("3000 rows to compare; 1000 took 50 ms");
    }
}
