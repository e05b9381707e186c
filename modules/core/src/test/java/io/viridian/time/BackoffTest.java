package io.viridian.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 4);

    @Test
    void doublesUpToTheLongestWait() {
        assertThat(IntStream.rangeClosed(1, 8).mapToObj(backoff::waitAfter))
                .containsExactly(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(1600),
                        Duration.ofMillis(3200),
                        Duration.ofMillis(6400),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
    }

    @Test
    void staysAtTheLongestWaitHoweverOftenItWasTried() {
        assertThat(backoff.waitAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void endsAfterItsAttempts() {
        assertThat(backoff.mayTryAgainAfter(3)).isTrue();
        assertThat(backoff.mayTryAgainAfter(4)).isFalse();
    }

    @Test
    void refusesWhatIsNoBackOff() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, Duration.ZERO, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(-2), Duration.ofSeconds(1), 3));
    }
}
