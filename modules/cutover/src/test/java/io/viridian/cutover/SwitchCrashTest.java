package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover.Decision;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The daemon dies at every boundary; the next one reads the rows, and exactly one side is writable in the end. */
@Timeout(60)
final class SwitchCrashTest {
    /** The conductor's own: passed when it has journaled that the switch is over. */
    private static final Set<CrashPoint> NOT_OURS = EnumSet.of(CrashPoint.SWITCH_SETTLED);

    private Pair pair;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    /** What kill -9 looks like from inside. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    static List<CrashPoint> points() {
        return Arrays.stream(CrashPoint.values())
                .filter(point -> point.name().startsWith("SWITCH_") && !NOT_OURS.contains(point))
                .toList();
    }

    @Test
    void aSwitchPassesEveryPointInTheOrderOfTheList() throws InterruptedException {
        SwitchRig rig = pair.rig();
        List<CrashPoint> passed = new java.util.ArrayList<>();
        rig.failpoints = passed::add;
        rig.complete(Direction.FORWARD);
        assertThat(passed).isEqualTo(points());
    }

    @ParameterizedTest
    @MethodSource("points")
    void exactlyOneSideIsWritableAfterACrash(CrashPoint point) throws Exception {
        crashAt(point, Direction.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("points")
    void exactlyOneSideIsWritableAfterACrashWhereSessionsAreClosed(CrashPoint point) throws Exception {
        closedBySessions();
        crashAt(point, Direction.FORWARD);
    }

    @Tag("chaos")
    @ParameterizedTest
    @MethodSource("points")
    void exactlyOneSideIsWritableAfterACrashOnTheWayBackWhereSessionsAreClosed(CrashPoint point) throws Exception {
        closedBySessions();
        crashAt(point, Direction.REVERSE);
    }

    private void closedBySessions() throws SQLException {
        pair.close();
        pair = Pair.closedBySessions();
    }

    /** In the quick run a whole daemon dies there too, in the system tests. */
    @Tag("chaos")
    @ParameterizedTest
    @MethodSource("points")
    void exactlyOneSideIsWritableAfterACrashOnTheWayBack(CrashPoint point) throws Exception {
        crashAt(point, Direction.REVERSE);
    }

    private void crashAt(CrashPoint point, Direction direction) throws Exception {
        if (direction == Direction.REVERSE) {
            pair.rig().complete(Direction.FORWARD);
        }
        SwitchRig dying = pair.rig();
        SwitchAttempt attempt = dying.attempt(direction);
        SwitchStep journaled = crash(dying, direction, attempt, point);
        assertThat(writable()).hasSizeLessThanOrEqualTo(1);
        assertThat(OwnershipRows.recover(pair.blue, pair.green, Pair.MIGRATION))
                .isInstanceOfAny(Recovery.Normal.class, Recovery.RollForward.class, Recovery.EnsureRouting.class);

        SwitchRig next = pair.rig();
        next.daemonEpoch = 2;
        Side owner = recover(next, direction, attempt, journaled);

        assertThat(writable()).containsExactly(owner);
        assertThat(pair.row(owner).owner()).isEqualTo(owner);
        assertThat(pair.row(owner.other()).owner()).isEqualTo(owner);
        Direction onwards = Direction.from(owner);
        next.complete(onwards);
        assertThat(writable()).containsExactly(owner.other());
    }

    private SwitchStep crash(SwitchRig rig, Direction direction, SwitchAttempt attempt, CrashPoint at)
            throws Exception {
        rig.failpoints = point -> {
            if (point == at) {
                throw new Crash();
            }
        };
        PostgresSwitchover switchover = rig.switchover();
        for (SwitchStep step = SwitchStep.FENCE; ; step = step.next()) {
            try {
                switchover.perform(direction, step, attempt);
            } catch (Crash dead) {
                pair.killDaemonSessions();
                return step;
            }
            assertThat(step).as("the last step passes the point").isNotEqualTo(SwitchStep.ROUTE);
        }
    }

    /** As the conductor does with a journal that ends in this step. */
    private static Side recover(SwitchRig rig, Direction direction, SwitchAttempt attempt, SwitchStep journaled)
            throws InterruptedException {
        PostgresSwitchover switchover = rig.switchover();
        if (journaled.isVolatile()) {
            switchover.undo(direction, attempt);
            return direction.source();
        }
        if (journaled == SwitchStep.COMMIT && switchover.resolve(direction, attempt) == Decision.NOT_SWITCHED) {
            assertThatThrownBy(() -> switchover.perform(direction, SwitchStep.COMMIT, attempt))
                    .hasMessageContaining("the locks of this attempt are gone");
            return direction.source();
        }
        SwitchRig.perform(switchover, direction, attempt, journaled, SwitchStep.ROUTE);
        assertThat(rig.routed).containsOnly(direction.target());
        return direction.target();
    }

    private List<Side> writable() throws SQLException {
        List<Side> sides = new java.util.ArrayList<>();
        for (Side side : Side.values()) {
            try (Connection application = pair.application(side);
                    Statement writer = application.createStatement()) {
                writer.execute("set lock_timeout = '5s'");
                writer.execute("update public.accounts set balance = 0");
                sides.add(side);
            } catch (SQLException refused) {
                assertThat(refused.getSQLState()).isEqualTo("25006");
            }
        }
        return sides;
    }
}
