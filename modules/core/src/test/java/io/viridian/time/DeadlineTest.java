package io.viridian.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    private final SettableClock clock = new SettableClock();
    private final Deadline deadline = Deadline.after(clock, Duration.ofSeconds(10));

    @Test
    void countsDownToZeroAndNotBelow() {
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(10));
        clock.pass(Duration.ofSeconds(4));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(6));
        clock.pass(Duration.ofMinutes(1));
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void expiresAtItsMomentNotAfterIt() {
        clock.pass(Duration.ofSeconds(10).minusNanos(1));
        assertThat(deadline.expired()).isFalse();
        clock.pass(Duration.ofNanos(1));
        assertThat(deadline.expired()).isTrue();
    }

    @Test
    void givesAStepNoMoreThanItAsksForAndNoMoreThanThereIs() {
        assertThat(deadline.remainingUpTo(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        clock.pass(Duration.ofSeconds(8));
        assertThat(deadline.remainingUpTo(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void doesNotCareForTheWallClock() {
        clock.setWallClock(clock.now().plus(Duration.ofDays(400)));
        assertThat(deadline.expired()).isFalse();
        clock.setWallClock(clock.now().minus(Duration.ofDays(800)));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aDeadlineOfNothingHasPassed() {
        assertThat(Deadline.after(clock, Duration.ZERO).expired()).isTrue();
    }
}
