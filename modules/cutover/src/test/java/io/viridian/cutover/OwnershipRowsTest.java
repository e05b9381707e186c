package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.Ownership.State;
import io.viridian.plan.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class OwnershipRowsTest {
    private static final Reading NOTHING = new Reading.Nothing();
    private static final Reading SILENT = new Reading.Unreachable("connection refused");

    static Stream<Arguments> theTable() {
        return Stream.of(
                Arguments.of(blue(State.OPEN, 1), green(State.CLOSED, 1), new Recovery.Normal(Side.BLUE, 1)),
                Arguments.of(blue(State.OPEN, 1), NOTHING, new Recovery.Normal(Side.BLUE, 1)),
                Arguments.of(
                        blue(State.TRANSFERRED, 2), green(State.CLOSED, 1), new Recovery.RollForward(Side.GREEN, 2)),
                Arguments.of(
                        blue(State.TRANSFERRED, 2), green(State.OPEN, 2), new Recovery.EnsureRouting(Side.GREEN, 2)),
                Arguments.of(
                        blue(State.TRANSFERRED, 2),
                        green(State.TRANSFERRED, 3),
                        new Recovery.RollForward(Side.BLUE, 3)),
                Arguments.of(
                        blue(State.OPEN, 3), green(State.TRANSFERRED, 3), new Recovery.EnsureRouting(Side.BLUE, 3)),
                Arguments.of(
                        blue(State.TRANSFERRED, 4),
                        green(State.TRANSFERRED, 3),
                        new Recovery.RollForward(Side.GREEN, 4)),
                Arguments.of(
                        blue(State.TRANSFERRED, 4), green(State.OPEN, 4), new Recovery.EnsureRouting(Side.GREEN, 4)));
    }

    @ParameterizedTest
    @MethodSource("theTable")
    void whatBothSidesSayDecides(Reading blue, Reading green, Recovery expected) {
        assertThat(OwnershipRows.recover(blue, green)).isEqualTo(expected);
    }

    @Test
    void twoOpenSidesAreImpossibleAtWhateverEpochs() {
        for (long one = 1; one < 5; one++) {
            for (long other = 1; other < 5; other++) {
                assertThat(OwnershipRows.recover(blue(State.OPEN, one), green(State.OPEN, other)))
                        .isInstanceOf(Recovery.Impossible.class);
            }
        }
    }

    @Test
    void aSideThatDoesNotAnswerForbidsEveryConclusion() {
        for (Reading other : everything(Side.GREEN)) {
            assertThat(OwnershipRows.recover(SILENT, other)).isInstanceOf(Recovery.Unknown.class);
        }
        for (Reading other : everything(Side.BLUE)) {
            assertThat(OwnershipRows.recover(other, SILENT)).isInstanceOf(Recovery.Unknown.class);
        }
    }

    @Test
    void nothingOnEitherSideIsUnknown() {
        assertThat(OwnershipRows.recover(NOTHING, NOTHING)).isInstanceOf(Recovery.Unknown.class);
        assertThat(OwnershipRows.recover(NOTHING, green(State.OPEN, 2))).isInstanceOf(Recovery.Unknown.class);
        assertThat(OwnershipRows.recover(blue(State.TRANSFERRED, 2), NOTHING)).isInstanceOf(Recovery.Unknown.class);
    }

    /** Whatever the rows say, no side is opened while the other one is open, and an owner is a side that is open. */
    @Test
    void noAnswerEverLeadsToTwoWritableSides() {
        for (Reading blue : everything(Side.BLUE)) {
            for (Reading green : everything(Side.GREEN)) {
                switch (OwnershipRows.recover(blue, green)) {
                    case Recovery.RollForward(Side open, long epoch) -> {
                        assertThat(open(blue)).isFalse();
                        assertThat(open(green)).isFalse();
                        Ownership other = says(open == Side.BLUE ? green : blue).orElseThrow();
                        assertThat(other.state()).isEqualTo(State.TRANSFERRED);
                        assertThat(other.owner()).isEqualTo(open);
                        assertThat(other.epoch()).isEqualTo(epoch);
                    }
                    case Recovery.Normal normal -> onlyOpen(normal.owner(), blue, green);
                    case Recovery.EnsureRouting routed -> onlyOpen(routed.owner(), blue, green);
                    case Recovery.Impossible _, Recovery.Unknown _ -> {}
                }
            }
        }
    }

    private static void onlyOpen(Side owner, Reading blue, Reading green) {
        assertThat(open(owner == Side.BLUE ? blue : green)).isTrue();
        assertThat(open(owner == Side.BLUE ? green : blue)).isFalse();
    }

    /** The protocol itself, with a crash after each of its two commits, for several switches there and back. */
    @Test
    void everyStateThatTheProtocolCanReachIsRecoveredToExactlyOneOwner() {
        Ownership blue = row(Side.BLUE, State.OPEN, 1);
        Ownership green = row(Side.GREEN, State.CLOSED, 1);
        assertThat(recover(blue, green)).isEqualTo(new Recovery.Normal(Side.BLUE, 1));
        for (long epoch = 2; epoch < 8; epoch++) {
            Side to = epoch % 2 == 0 ? Side.GREEN : Side.BLUE;
            Ownership transferred = row(to.other(), State.TRANSFERRED, epoch);
            blue = to == Side.BLUE ? blue : transferred;
            green = to == Side.BLUE ? transferred : green;
            assertThat(recover(blue, green)).isEqualTo(new Recovery.RollForward(to, epoch));
            Ownership opened = row(to, State.OPEN, epoch);
            blue = to == Side.BLUE ? opened : blue;
            green = to == Side.BLUE ? green : opened;
            assertThat(recover(blue, green)).isEqualTo(new Recovery.EnsureRouting(to, epoch));
        }
    }

    @Test
    void aRowThatContradictsItselfIsImpossible() {
        Reading openForTheOther = new Reading.Says(new Ownership(
                Side.BLUE, Side.GREEN, 1, State.OPEN, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(OwnershipRows.recover(openForTheOther, green(State.CLOSED, 1)))
                .isInstanceOf(Recovery.Impossible.class);
    }

    @Test
    void aBlueThatForgotItsTransferAfterGreenOpenedIsImpossible() {
        assertThat(OwnershipRows.recover(blue(State.OPEN, 1), green(State.OPEN, 2)))
                .isInstanceOf(Recovery.Impossible.class);
    }

    @Test
    void exchangedDatabasesAreImpossible() {
        assertThat(OwnershipRows.recover(/* blue= */ green(State.CLOSED, 1), /* green= */ blue(State.OPEN, 1)))
                .isInstanceOf(Recovery.Impossible.class);
    }

    private static Recovery recover(Ownership blue, Ownership green) {
        return OwnershipRows.recover(new Reading.Says(blue), new Reading.Says(green));
    }

    private static List<Reading> everything(Side side) {
        List<Reading> all = new ArrayList<>(List.of(NOTHING, SILENT));
        for (State state : State.values()) {
            for (Side owner : Side.values()) {
                for (long epoch = 1; epoch < 5; epoch++) {
                    all.add(new Reading.Says(new Ownership(
                            side, owner, epoch, state, Optional.empty(), Optional.empty(), Optional.empty())));
                }
            }
        }
        return all;
    }

    private static boolean open(Reading reading) {
        return says(reading).filter(row -> row.state() == State.OPEN).isPresent();
    }

    private static Optional<Ownership> says(Reading reading) {
        return reading instanceof Reading.Says(Ownership row) ? Optional.of(row) : Optional.empty();
    }

    private static Reading blue(State state, long epoch) {
        return new Reading.Says(row(Side.BLUE, state, epoch));
    }

    private static Reading green(State state, long epoch) {
        return new Reading.Says(row(Side.GREEN, state, epoch));
    }

    private static Ownership row(Side side, State state, long epoch) {
        Side owner = state == State.OPEN ? side : side.other();
        return new Ownership(side, owner, epoch, state, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
