package io.viridian.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class WaiterTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final SettableClock clock = new SettableClock();
    private final Waiter waiter = new Waiter();

    @Test
    void aWakeEndsTheWait() throws Exception {
        CompletableFuture<Boolean> waited = waiting(() -> {
            waiter.await(LONG);
            return true;
        });
        while (!waited.isDone()) {
            waiter.wake();
            Thread.onSpinWait();
        }
        assertThat(waited.get()).isTrue();
    }

    @Test
    void withoutAWakeTheTimeEndsIt() throws InterruptedException {
        waiter.await(Duration.ofMillis(1));
        waiter.await(Duration.ZERO);
    }

    @Test
    void anInterruptEndsItWithAnException() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            assertThatThrownBy(() -> waiter.await(LONG)).isInstanceOf(InterruptedException.class);
            ended.countDown();
        });
        thread.interrupt();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConditionThatHoldsIsNotWaitedFor() throws InterruptedException {
        assertThat(waiter.awaitUntil(() -> true, Deadline.after(clock, Duration.ZERO)))
                .isTrue();
    }

    @Test
    void aDeadlineThatPassesIsTold() throws Exception {
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(5));
        CompletableFuture<Boolean> waited = waiting(() -> waiter.awaitUntil(() -> false, deadline));
        assertThat(waited.isDone()).isFalse();
        clock.pass(Duration.ofSeconds(6));
        assertThat(waited.get()).isFalse();
    }

    @Test
    void theConditionIsReadAgainAfterAWake() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        Deadline deadline = Deadline.after(clock, LONG);
        CompletableFuture<Boolean> waited = waiting(() -> waiter.awaitUntil(there::get, deadline));
        there.set(true);
        waiter.wake();
        assertThat(waited.get()).isTrue();
    }

    @Test
    void aWakeWhileTheConditionIsReadIsNotLost() throws InterruptedException {
        AtomicBoolean there = new AtomicBoolean();
        assertThat(waiter.awaitUntil(
                        () -> {
                            boolean was = there.getAndSet(true);
                            if (!was) {
                                waiter.wake();
                            }
                            return was;
                        },
                        Deadline.after(clock, LONG),
                        LONG))
                .isTrue();
    }

    @Test
    void theConditionIsReadAgainEvenIfNobodyWakes() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        assertThat(waiter.awaitUntil(() -> looks.incrementAndGet() > 3, Deadline.after(clock, LONG)))
                .isTrue();
    }

    /** A wait that may be interrupted. */
    @FunctionalInterface
    private interface Wait {
        boolean run() throws InterruptedException;
    }

    private static CompletableFuture<Boolean> waiting(Wait wait) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                end.complete(wait.run());
            } catch (InterruptedException stopped) {
                end.completeExceptionally(stopped);
            }
        });
        return end;
    }
}
