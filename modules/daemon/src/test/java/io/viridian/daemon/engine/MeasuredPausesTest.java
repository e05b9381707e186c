package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.MeasuredPause;
import io.viridian.cutover.gate.PauseFacts;
import io.viridian.migration.Operation;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeasuredPausesTest {
    private static final Instant THEN = Instant.parse("2026-11-27T02:00:00Z");

    private static Operation ended(Operation.Type type, Operation.Status status, Map<String, String> result) {
        return new Operation(
                "op",
                type,
                Map.of(),
                "",
                "anna",
                status,
                result,
                THEN,
                Optional.of(THEN),
                Optional.of(THEN.plusSeconds(1)));
    }

    private static Optional<MeasuredPause> of(Operation.Type type, Map<String, String> result) {
        return MeasuredPauses.of(ended(type, Operation.Status.SUCCEEDED, result));
    }

    @Test
    void anOperationTellsTheNextDaemonWhatItMeasured() {
        MeasuredPause rehearsed = new MeasuredPause(
                THEN.plusSeconds(1),
                true,
                Direction.REVERSE,
                Duration.ofMillis(41),
                Map.of(SwitchStep.DRAIN, Duration.ofMillis(12), SwitchStep.VERIFY, Duration.ofNanos(2_500_000)),
                300);
        Rehearsals one = Rehearsals.asked(Map.of());
        one.add(rehearsed);

        assertThat(of(Operation.Type.REHEARSE, one.told())).contains(rehearsed);
    }

    @Test
    void aSwitchTellsItsDirectionByItsType() {
        Map<String, String> result = Map.of("write_pause_ms", "80", "step.commit_ms", "4.0");

        assertThat(of(Operation.Type.CUTOVER, result).orElseThrow())
                .extracting(MeasuredPause::direction, MeasuredPause::rehearsed, one -> one.of(SwitchStep.COMMIT))
                .containsExactly(Direction.FORWARD, false, Duration.ofMillis(4));
        assertThat(of(Operation.Type.ROLLBACK, result).orElseThrow().direction())
                .isEqualTo(Direction.REVERSE);
    }

    @Test
    void whatFailedOrSaysNothingWasNotMeasured() {
        assertThat(MeasuredPauses.of(
                        ended(Operation.Type.CUTOVER, Operation.Status.UNDONE, Map.of("write_pause_ms", "80"))))
                .isEmpty();
        assertThat(of(Operation.Type.VERIFY, Map.of("clean", "true"))).isEmpty();
        assertThat(of(Operation.Type.CUTOVER, Map.of("write_pause_ms", "long"))).isEmpty();
    }

    @Test
    void theNewestOfADirectionIsWhatIsPredictedFrom() {
        MeasuredPauses pauses = new MeasuredPauses();
        pauses.restore(List.of(
                ended(Operation.Type.CUTOVER, Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "90")),
                ended(Operation.Type.REHEARSE, Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "40"))));
        pauses.add(new MeasuredPause(THEN, true, Direction.REVERSE, Duration.ofMillis(7), Map.of(), 0));

        PauseFacts forward = pauses.facts(Direction.FORWARD, 3, OptionalLong.empty());
        assertThat(forward.base().orElseThrow().writePause()).isEqualTo(Duration.ofMillis(90));
        PauseFacts back = pauses.facts(Direction.REVERSE, 3, OptionalLong.empty());
        assertThat(back.base().orElseThrow().writePause()).isEqualTo(Duration.ofMillis(7));
        assertThat(back.lastSwitch().orElseThrow().writePause()).isEqualTo(Duration.ofMillis(90));
    }

    @Test
    void noMoreThanSomeAreRemembered() {
        MeasuredPauses pauses = new MeasuredPauses();
        pauses.add(new MeasuredPause(THEN, true, Direction.REVERSE, Duration.ofMillis(7), Map.of(), 0));
        for (int more = 0; more < MeasuredPauses.MOST; more++) {
            pauses.add(new MeasuredPause(THEN, true, Direction.FORWARD, Duration.ofMillis(7), Map.of(), 0));
        }

        assertThat(pauses.facts(Direction.REVERSE, 0, OptionalLong.empty()).base())
                .isEmpty();
    }
}
