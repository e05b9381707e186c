package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.position.Lsn;
import io.viridian.time.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApplyRateTest {
    private final SettableClock clock = new SettableClock();
    private final ApplyRate rate = new ApplyRate(clock);

    private void stands(long at, long seconds) {
        clock.pass(Duration.ofSeconds(seconds));
        rate.look(new Lsn(at));
    }

    @Test
    void isThatOfTheFastestLook() {
        stands(0, 1);
        stands(10 << 20, 1);
        stands(50 << 20, 2);
        stands(60 << 20, 2);

        assertThat(rate.bytesPerSecond()).hasValue(20 << 20);
    }

    @Test
    void isNotKnownOfALaneAtRest() {
        stands(5000, 1);
        stands(6000, 1);

        assertThat(rate.bytesPerSecond()).isEmpty();
    }

    @Test
    void isForgottenAfterSomeMinutes() {
        stands(0, 1);
        stands(10 << 20, 1);
        for (int look = 0; look < 300; look++) {
            stands(10 << 20, 1);
        }

        assertThat(rate.bytesPerSecond()).isEmpty();
    }
}
