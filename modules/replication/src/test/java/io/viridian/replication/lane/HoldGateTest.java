package io.viridian.replication.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.position.Lsn;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HoldGateTest {
    private static final Deadline LATER = Deadline.after(Clock.system(), Duration.ofHours(1));
    private static final Deadline PAST = Deadline.after(Clock.system(), Duration.ofHours(-1));
    private final HoldGate gate = new HoldGate();

    @Test
    void aHeldLaneStandsUntilItIsReleased() {
        assertThat(gate.blocks(new Lsn(10))).isFalse();
        HoldGate.Ticket ticket = gate.request(LATER).orElseThrow();
        assertThat(gate.isStill(ticket)).as("the lane has not come to it yet").isFalse();
        assertThat(gate.blocks(new Lsn(10))).isTrue();
        gate.standing(new Lsn(10));
        assertThat(gate.isStill(ticket)).isTrue();
        gate.release(ticket);
        assertThat(gate.blocks(new Lsn(10))).isFalse();
        assertThat(gate.isStill(ticket)).isFalse();
    }

    @Test
    void aMovedHoldLetsThroughWhatLiesBeforeThePointOnly() {
        HoldGate.Ticket ticket = gate.request(LATER).orElseThrow();
        gate.standing(new Lsn(10));
        assertThat(gate.moveTo(ticket, new Lsn(20))).isTrue();
        assertThat(gate.isStill(ticket)).isFalse();
        assertThat(gate.blocks(new Lsn(19))).isFalse();
        gate.standing(new Lsn(19));
        assertThat(gate.isStill(ticket)).isFalse();
        assertThat(gate.blocks(new Lsn(20))).isTrue();
        gate.standing(new Lsn(20));
        assertThat(gate.isStill(ticket)).isTrue();
    }

    @Test
    void oneHoldAtATime() {
        HoldGate.Ticket first = gate.request(LATER).orElseThrow();
        assertThat(gate.request(LATER)).isEmpty();
        gate.release(first);
        assertThat(gate.request(LATER)).isPresent();
    }

    @Test
    void aForgottenHoldEndsAndItsHolderCannotDisturbTheNextOne() {
        HoldGate.Ticket forgotten = gate.request(PAST).orElseThrow();
        assertThat(gate.blocks(new Lsn(1))).isFalse();
        HoldGate.Ticket next = gate.request(LATER).orElseThrow();
        gate.standing(new Lsn(1));
        gate.release(forgotten);
        assertThat(gate.isStill(next)).isTrue();
        assertThat(gate.moveTo(forgotten, new Lsn(100))).isFalse();
        assertThat(gate.blocks(new Lsn(1))).isTrue();
        assertThat(gate.lasts(forgotten)).isFalse();
    }
}
