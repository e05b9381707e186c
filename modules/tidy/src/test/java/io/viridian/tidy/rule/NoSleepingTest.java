package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoSleepingTest {
    private static final String SLEEPING = """
            import static java.lang.Thread.sleep;
            class S {
                void run() {
                    Thread.sleep(1);
                    TimeUnit.SECONDS.sleep(1);
                    LockSupport.parkNanos(1);
                    call(Thread::sleep);
                }
            }""";

    private final Rule rule = new NoSleeping();

    @Test
    void refusesEveryWayToSleepInATest() {
        assertThat(refusedLines(rule, Snippet.test(SLEEPING))).containsExactlyInAnyOrder(1, 4, 5, 6, 7);
    }

    @Test
    void leavesProductionCodeToTheLayerTests() {
        assertThat(refusedLines(rule, Snippet.production(SLEEPING))).isEmpty();
    }

    @Test
    void acceptsOtherThingsCalledSleep() {
        assertThat(refusedLines(rule, Snippet.test("class S { void run() { backoff.sleep(); Thread.onSpinWait(); } }")))
                .isEmpty();
    }
}
