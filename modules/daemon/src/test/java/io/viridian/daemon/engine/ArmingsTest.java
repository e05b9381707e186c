package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.daemon.config.CanarySettings;
import io.viridian.daemon.config.CutoverFence;
import io.viridian.daemon.config.CutoverMode;
import io.viridian.daemon.config.CutoverSettings;
import io.viridian.daemon.config.CutoverWindow;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Arming;
import io.viridian.migration.ConflictPolicy;
import io.viridian.migration.Operation;
import io.viridian.time.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators and the configuration say of an automatic cutover. */
final class ArmingsTest {
    private final SettableClock clock = new SettableClock();

    private Armings armings(CutoverMode mode) {
        return new Armings(
                new CutoverSettings(
                        mode,
                        CutoverFence.GUARD,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(3),
                        new CutoverWindow(Optional.of(in(60)), Optional.of(in(120))),
                        Duration.ofSeconds(1),
                        List.of(),
                        List.of(),
                        0,
                        new CanarySettings(Duration.ofMinutes(30), ConflictPolicy.HALT),
                        List.of()),
                clock);
    }

    private Instant in(long seconds) {
        return clock.now().plusSeconds(seconds);
    }

    private Operation asking(Map<String, String> parameters) {
        return new Operation(
                "op-1",
                Operation.Type.ARM,
                parameters,
                "",
                "ada",
                Operation.Status.RUNNING,
                Map.of(),
                clock.now(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void whatIsNotSaidIsAsConfiguredAndEndsAfterADay() {
        assertThat(armings(CutoverMode.MANUAL).asked(asking(Map.of())))
                .isEqualTo(new Arming(
                        "op-1",
                        "ada",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Optional.of(in(60)),
                        Optional.of(in(120)),
                        3,
                        Optional.of(in(86_400))));
    }

    @Test
    void whatIsSaidCounts() {
        Arming asked = armings(CutoverMode.MANUAL)
                .asked(asking(Map.of(
                        "max_lag", "250ms",
                        "stable_for", "0s",
                        "not_before", in(10).toString(),
                        "not_after", in(20).toString(),
                        "attempts", "1",
                        "expires_after", "5m")));

        assertThat(asked)
                .isEqualTo(new Arming(
                        "op-1",
                        "ada",
                        Duration.ofMillis(250),
                        Duration.ZERO,
                        Optional.of(in(10)),
                        Optional.of(in(20)),
                        1,
                        Optional.of(in(300))));
    }

    @ParameterizedTest
    @CsvSource({
        "max_lag, 0s",
        "max_lag, soon",
        "stable_for, 30",
        "not_before, tonight",
        "not_after, 1999-12-31T23:59:59Z",
        "attempts, 0",
        "attempts, 101",
        "attempts, many",
        "expires_after, 0s"
    })
    void termsThatMakeNoSenseAreRefusedByName(String parameter, String text) {
        assertThatThrownBy(() -> armings(CutoverMode.MANUAL).asked(asking(Map.of(parameter, text))))
                .isInstanceOfSatisfying(FaultException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(FaultCode.USAGE);
                    assertThat(refusal.fault().object()).isEqualTo(parameter);
                });
    }

    @Test
    void onlyTheModeAutoArmsByItselfAndForEver() {
        assertThat(armings(CutoverMode.MANUAL).standing()).isEmpty();
        assertThat(armings(CutoverMode.AUTO).standing()).hasValueSatisfying(standing -> {
            assertThat(standing.standing()).isTrue();
            assertThat(standing.expires()).isEmpty();
            assertThat(standing.lagMax()).isEqualTo(Duration.ofSeconds(1));
            assertThat(standing.notAfter()).contains(in(120));
        });
    }
}
