package io.viridian.replication.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.replication.backfill.Brake.Grip;
import io.viridian.time.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** How the copy is held back. */
class PaceTest {
    private final SettableClock clock = new SettableClock();
    private final List<Duration> naps = new ArrayList<>();
    private Grip grip = Grip.NONE;

    private Pace pace() {
        return new Pace(new RateLimit(clock, OptionalLong.empty()), () -> grip, clock, naps::add);
    }

    private void piece(LongConsumer stride, Duration took) {
        clock.pass(took);
        stride.accept(65_536);
    }

    @Test
    void whoIsNotHeldBackRestsNever() {
        piece(pace().stride(), Duration.ofMillis(10));
        assertThat(naps).isEmpty();
    }

    /** Also while no chunk may be begun: the one that was begun holds a snapshot, and comes to its end. */
    @Test
    void whoIsHeldBackCopiesATenthOfTheTime() {
        LongConsumer stride = pace().stride();
        grip = Grip.SLOW;
        piece(stride, Duration.ofMillis(10));
        grip = Grip.STOP;
        piece(stride, Duration.ofMillis(20));
        assertThat(naps).containsExactly(Duration.ofMillis(90), Duration.ofMillis(180));
    }

    /** A piece that took long would keep a worker asleep that nobody holds back any more. */
    @Test
    void whoIsLetGoHearsOfItWithinASecond() {
        grip = Grip.SLOW;
        piece(pace().stride(), Duration.ofMinutes(1));
        assertThat(naps).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void noChunkIsBegunUntilTheStopIsOver() throws InterruptedException {
        grip = Grip.STOP;
        Pace pace = new Pace(new RateLimit(clock, OptionalLong.empty()), () -> grip, clock, nap -> {
            naps.add(nap);
            grip = naps.size() < 3 ? Grip.STOP : Grip.SLOW;
        });
        pace.awaitTurn();
        assertThat(naps).hasSize(3);
    }

    @Test
    void whatCanNeverBeUsedIsNotCopiedOn() {
        Pace pace = new Pace(
                new RateLimit(clock, OptionalLong.empty()),
                () -> {
                    throw Fault.of(FaultCode.SLOT_GIVEN_UP, "it is gone").asException();
                },
                clock,
                naps::add);
        assertThatThrownBy(pace::awaitTurn).isInstanceOf(FaultException.class).hasMessageContaining("it is gone");
        assertThatThrownBy(() -> pace.stride().accept(1)).isInstanceOf(FaultException.class);
    }
}
