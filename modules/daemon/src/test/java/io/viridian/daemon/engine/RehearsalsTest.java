package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.cutover.MeasuredPause;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalsTest {
    private static MeasuredPause of(long millis) {
        return new MeasuredPause(
                Instant.EPOCH,
                true,
                Direction.REVERSE,
                Duration.ofMillis(millis),
                Map.of(SwitchStep.DRAIN, Duration.ofMillis(millis - 1), SwitchStep.FENCE, Duration.ofNanos(500_000)),
                17);
    }

    @Test
    void oneTellsItsPauseAndItsSteps() {
        Rehearsals one = Rehearsals.asked(Map.of());
        one.add(of(40));

        assertThat(one.times()).isEqualTo(1);
        assertThat(one.told())
                .containsExactly(
                        Map.entry("write_pause_ms", "40"),
                        Map.entry("step.fence_ms", "0.5"),
                        Map.entry("step.drain_ms", "39.0"),
                        Map.entry("direction", "reverse"),
                        Map.entry("rows_compared", "17"));
    }

    @Test
    void severalTellTheMedianTheTailAndTheLongest() {
        Rehearsals some = Rehearsals.asked(Map.of("times", "20"));
        for (int done = 20; done > 0; done--) {
            some.add(of(10L * done));
        }

        assertThat(some.longest().writePause()).isEqualTo(Duration.ofMillis(200));
        assertThat(some.told())
                .containsEntry("write_pause_ms", "200")
                .containsEntry("times", "20")
                .containsEntry("write_pause_p50_ms", "100")
                .containsEntry("write_pause_p95_ms", "190")
                .containsEntry("step.drain_ms", "199.0");
        assertThat(some.toString()).contains("100 ms (median)", "190 ms (95 %)", "200 ms (longest)", "20 rehearsals");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101", "two", "1.5", ""})
    void whatIsNoSensibleNumberIsRefused(String times) {
        assertThatThrownBy(() -> Rehearsals.asked(Map.of("times", times)))
                .hasMessageContaining("a whole number from 1 to 100, not '" + times + "'");
    }
}
