package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.time.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TouchedTurnTest {
    private static final Duration REST = Duration.ofSeconds(30);

    private final SettableClock clock = new SettableClock();
    private final TouchedTurn turn = new TouchedTurn(clock, REST);

    @Test
    void comparesOnlyMoreRowsThanMayStayUncompared() {
        assertThat(TouchedTurn.isDue(2_000, 2_000, false)).isFalse();
        assertThat(TouchedTurn.isDue(2_001, 2_000, false)).isTrue();
    }

    @Test
    void keepsNothingUpAfterADifference() {
        assertThat(TouchedTurn.isDue(1_000_000, 0, true)).isFalse();
    }

    @Test
    void doesNotRestBeforeAComparisonFailed() {
        assertThat(turn.rests()).isFalse();
    }

    @Test
    void restsAfterAComparisonThatCouldNotEnd() {
        turn.failed();

        clock.pass(REST.minusNanos(1));
        assertThat(turn.rests()).isTrue();

        clock.pass(Duration.ofNanos(1));
        assertThat(turn.rests()).isFalse();
    }

    @Test
    void restsAnewAfterEveryFailure() {
        turn.failed();
        clock.pass(REST);
        turn.failed();

        assertThat(turn.rests()).isTrue();
    }

    @Test
    void restsNoLongerOnceAComparisonEnded() {
        turn.failed();
        turn.ended();

        assertThat(turn.rests()).isFalse();
    }
}
