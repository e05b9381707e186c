package io.viridian.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AwaitTest {

    @Test
    void returnsAsSoonAsTheConditionHolds() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Await.until("asked three times", Duration.ofSeconds(5), () -> asked.incrementAndGet() == 3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void failsAtTheDeadlineAndSaysWhatItWaitedFor() {
        assertThatThrownBy(() -> Await.until("pigs fly", Duration.ofMillis(20), () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("until pigs fly");
    }

    @Test
    void keepsTheLastExceptionOfTheConditionAsTheCause() {
        IllegalStateException reason = new IllegalStateException("not yet");
        assertThatThrownBy(() -> Await.until("never", Duration.ofMillis(20), () -> {
                    throw reason;
                }))
                .hasCause(reason);
    }

    @Test
    void passesAnInterruptOn() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("never", Duration.ofSeconds(5), () -> false))
                .isInstanceOf(InterruptedException.class);
    }
}
