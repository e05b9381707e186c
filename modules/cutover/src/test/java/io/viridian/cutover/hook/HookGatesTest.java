package io.viridian.cutover.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.gate.OwnGate;
import io.viridian.plan.Direction;
import io.viridian.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hooks that are gates: what they said last, and that what was not said is no. */
@Timeout(30)
final class HookGatesTest {
    private static final Duration OFTEN = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AtomicInteger asked = new AtomicInteger();
    private volatile HookVerdict verdict = HookVerdict.passed("fine");
    private volatile boolean wanted = true;
    private HookGates gates = gates((_, _) -> {
        asked.incrementAndGet();
        return verdict;
    });

    private HookGates gates(HookAction action) {
        Hook gate = new Hook("smoke", new HookMoment.Gate(), Set.of(Direction.FORWARD), action, PATIENCE, OFTEN);
        Hook step =
                new Hook("other", HookMoment.parse("before FENCE"), Set.of(Direction.FORWARD), action, PATIENCE, OFTEN);
        return new HookGates(List.of(gate, step), _ -> ExecHookTest.SUBJECT, () -> wanted);
    }

    @AfterEach
    void close() {
        gates.close();
    }

    private OwnGate gate() {
        return gates.gates(Direction.FORWARD).getFirst();
    }

    @Test
    void whatWasNeverAskedIsNotPassing() {
        assertThat(gate())
                .extracting(OwnGate::id, OwnGate::passing, OwnGate::value)
                .containsExactly("hook.smoke", false, "not asked yet");
        assertThat(gates.ids()).containsExactly("hook.smoke");
    }

    @Test
    void theLastAnswerIsTheGate() throws InterruptedException {
        gates.start();
        Await.until("it passes", PATIENCE, () -> gate().passing());
        verdict = HookVerdict.refused("exit code 1");
        Await.until("it does not", PATIENCE, () -> !gate().passing());
        assertThat(gate().value()).isEqualTo("exit code 1");
        verdict = HookVerdict.passed("fine");
        Await.until("it passes again", PATIENCE, () -> gate().passing());
        verdict = HookVerdict.unknown("did not answer");
        Await.until("what is not known is not passing", PATIENCE, () -> !gate().passing());
    }

    @Test
    void nobodyIsAskedWhileNoCutoverMayBeAskedForAndNoneIsInTheWayOfARollback() throws InterruptedException {
        wanted = false;
        gates.start();
        assertThat(gates.gates(Direction.REVERSE)).isEmpty();
        wanted = true;
        Await.until("it was asked", PATIENCE, () -> asked.get() > 0);
    }

    @Test
    void aHookThatBreaksIsNotPassingAndAskedAgain() throws InterruptedException {
        gates = gates((_, _) -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("broken");
            }
            return HookVerdict.passed("fine");
        });
        gates.start();
        Await.until("it was asked again", PATIENCE, () -> gate().passing());
    }

    @Test
    void closingEndsWhatIsBeingAsked() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        gates = gates((_, _) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ended) {
                interrupted.countDown();
                throw ended;
            }
            return HookVerdict.passed("never");
        });
        gates.start();
        begun.await();
        gates.close();
        assertThat(interrupted.getCount()).isZero();
    }
}
