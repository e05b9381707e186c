package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchTest {
    @Test
    void looksEverySecondWhereThatIsCheap() {
        assertThat(Watch.rest(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Watch.rest(Duration.ofMillis(111))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void restsNineTimesAsLongAsItLookedAndNeverLongerThanTenSeconds() {
        assertThat(Watch.rest(Duration.ofMillis(200))).isEqualTo(Duration.ofMillis(1_800));
        assertThat(Watch.rest(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void restsAfterALookThatFailedToo() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        long began = Clock.system().nanoTime();
        try (Watch watch = new Watch(
                "viridian-watch",
                () -> {
                    twice.countDown();
                    throw new IllegalStateException("nothing to see");
                },
                Clock.system())) {
            watch.start();
            assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Clock.system().since(began)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
        }
    }
}
