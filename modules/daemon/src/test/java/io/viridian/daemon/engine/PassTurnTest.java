package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.time.SettableClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassTurnTest {
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Optional<Double> NEAR = Optional.of(0.1);
    private static final Optional<Double> FAR = Optional.of(3_600.0);

    private final SettableClock clock = new SettableClock();
    private final PassTurn turn = new PassTurn(clock, EVERY);

    @Test
    void isDueAtOnceAfterAStart() {
        assertThat(turn.untilNext(NEAR)).isZero();
    }

    @Test
    void isDueAgainWhenTheTimeHasPassedSinceTheLastBegan() {
        turn.began();
        clock.pass(Duration.ofMinutes(3));
        assertThat(turn.untilNext(NEAR)).isEqualTo(Duration.ofMinutes(7));

        clock.pass(Duration.ofMinutes(7));
        assertThat(turn.untilNext(NEAR)).isZero();
    }

    @Test
    void waitsForALaneThatIsFarBehind() {
        assertThat(turn.untilNext(FAR)).isPositive().isLessThan(Duration.ofSeconds(1));
        assertThat(turn.untilNext(NEAR)).isZero();
    }

    @Test
    void waitsWhileNobodyKnowsHowFarBehindTheLaneIs() {
        assertThat(turn.untilNext(Optional.empty())).isPositive().isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aLaneFarBehindMakesNoPassDueEarlier() {
        turn.began();
        assertThat(turn.untilNext(FAR)).isEqualTo(EVERY);
    }
}
