package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover.Decision;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class PostgresSwitchoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Pair pair;
    private SwitchRig rig;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
        rig = pair.rig();
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    private void comeTo(Direction direction) throws InterruptedException {
        if (direction == Direction.REVERSE) {
            rig.complete(Direction.FORWARD);
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aSwitchMovesOwnershipGuardLanesAndRoutes(Direction direction) throws InterruptedException {
        comeTo(direction);
        rig.complete(direction);
        Side from = direction.source();
        Side to = direction.target();
        long epoch = direction == Direction.FORWARD ? 2 : 3;
        assertThat(pair.guardOf(from)).isEqualTo(new GuardState.Closed(Pair.MIGRATION, epoch));
        assertThat(pair.guardOf(to)).isEqualTo(new GuardState.Open(Pair.MIGRATION, epoch));
        assertThat(pair.row(from).state()).isEqualTo(Ownership.State.TRANSFERRED);
        assertThat(pair.row(to).state()).isEqualTo(Ownership.State.OPEN);
        assertThat(OwnershipRows.recover(pair.blue, pair.green, Pair.MIGRATION))
                .isEqualTo(new Recovery.EnsureRouting(to, epoch));
        assertThat(rig.routed).last().isEqualTo(to);
        FakeLane there = direction == Direction.FORWARD ? rig.forward : rig.reverse;
        FakeLane back = direction == Direction.FORWARD ? rig.reverse : rig.forward;
        assertThat(there.applying).isFalse();
        assertThat(back.applying).isTrue();
        assertThat(back.told)
                .last()
                .isEqualTo("apply " + pair.row(from).reverse().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void theSideThatIsLeftLearnsFromWhereTheOtherDirectionApplies(Direction direction) throws InterruptedException {
        comeTo(direction);
        rig.daemonEpoch = 7;
        rig.complete(direction);
        Side from = direction.source();
        String back = Direction.from(direction.target()).text();
        assertThat(pair.ask(from, "select lsn || ' ' || epoch from viridian.progress where direction = '" + back + "'"))
                .isEqualTo(pair.row(from).reverse().orElseThrow() + " 7");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void noWriteIsAcknowledgedByTheOldSideAfterTheCommitPointAndNoneIsLost(Direction direction)
            throws InterruptedException, SQLException {
        comeTo(direction);
        Side from = direction.source();
        AtomicReference<Set<Long>> atCommit = new AtomicReference<>(Set.of());
        rig.failpoints = point -> {
            if (point == CrashPoint.SWITCH_AFTER_COMMIT_POINT) {
                atCommit.set(ids(from));
            }
        };
        try (Writers writers = Writers.on(pair, from, 4, 1)) {
            Await.until("writers are busy", PATIENCE, () -> writers.acknowledged.size() > 200);
            rig.complete(direction);
            Await.until("every writer was refused often", PATIENCE, () -> writers.refusals.get() > 200);
            writers.finish();
            assertThat(writers.acknowledged).isEqualTo(atCommit.get());
            assertThat(ids(from)).isEqualTo(atCommit.get());
        }
    }

    private Set<Long> ids(Side side) {
        return pair
                .on(side)
                .query(session -> session.list("select id from public.accounts", row -> row.number(1)))
                .stream()
                .collect(Collectors.toSet());
    }

    @Test
    void applicationsAreHeldBeforeTheLocksAndLedWithoutBeingLetGoBefore() throws InterruptedException {
        rig.complete(Direction.FORWARD);

        assertThat(rig.traffic).containsExactly("ready for 4000 ms", "hold", "lead to green");
    }

    @Test
    void afterARehearsalApplicationsAreLetGo() throws InterruptedException {
        rig.switchover().rehearse(Direction.FORWARD, rig.attempt(Direction.FORWARD));

        assertThat(rig.traffic).containsExactly("ready for 4000 ms", "hold", "release");
    }

    @Test
    void applicationsThatCannotBeHeldAreLetGoAndTriedAgain() throws InterruptedException {
        rig.busyTimes = 1;
        rig.complete(Direction.FORWARD);

        assertThat(rig.traffic).containsExactly("ready for 4000 ms", "hold", "release", "hold", "lead to green");
    }

    @Test
    void applicationsThatCannotBeHeldAtAllKeepTheSwitchFromBeginning() throws InterruptedException {
        rig.busyTimes = Integer.MAX_VALUE;
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);

        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt))
                .hasMessageContaining("LOCK_TIMEOUT")
                .hasMessageContaining("a transaction does not end");
        assertThat(rig.traffic).endsWith("hold", "release", "hold", "release", "release");
        assertThat(switchover.writePause()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void writersGoOnAfterARehearsalAndNothingHasChanged() throws InterruptedException, SQLException {
        Ownership before = pair.row(Side.BLUE);
        try (Writers writers = Writers.on(pair, Side.BLUE, 2, 1)) {
            Await.until("writers are busy", PATIENCE, () -> writers.acknowledged.size() > 50);
            Rehearsal rehearsal = rig.switchover().rehearse(Direction.FORWARD, rig.attempt(Direction.FORWARD));
            int then = writers.acknowledged.size();
            Await.until("writers go on", PATIENCE, () -> writers.acknowledged.size() > then + 50);
            assertThat(writers.refusals).hasValue(0);
            assertThat(rehearsal.writePause()).isPositive().isLessThan(Duration.ofSeconds(3));
            assertThat(rehearsal.durations())
                    .containsOnlyKeys(
                            SwitchStep.FENCE,
                            SwitchStep.DRAIN,
                            SwitchStep.VERIFY,
                            SwitchStep.SEQUENCES,
                            SwitchStep.REVERSE);
        }
        assertThat(pair.row(Side.BLUE)).isEqualTo(before);
        assertThat(rig.forward.told).isEmpty();
        assertThat(rig.reverse.told).containsExactly("prepare");
        assertThat(rig.verifier.open).as("comparisons that were not closed").hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void theMarkersOfAnAttemptLieInBothLogsUnderItsNonce(Direction direction) throws Exception {
        comeTo(direction);
        SwitchAttempt attempt = rig.attempt(direction);
        PostgresSwitchover switchover = rig.switchover();
        try (MarkerLog source = MarkerLog.of(pair.on(direction.source()));
                MarkerLog target = MarkerLog.of(pair.on(direction.target()))) {
            SwitchRig.perform(switchover, direction, attempt, SwitchStep.FENCE, SwitchStep.REVERSE);
            switchover.undo(direction, attempt);
            assertThat(source.markers()).extracting(Marker::kind).containsExactly(Marker.Kind.FENCE);
            assertThat(source.markers()).extracting(Marker::nonce).containsExactly(attempt.nonce());
            assertThat(target.markers()).extracting(Marker::kind).containsExactly(Marker.Kind.REVERSE);
            assertThat(target.markers()).extracting(Marker::nonce).containsExactly(attempt.nonce());
        }
    }

    @Test
    void aLockTimeoutNamesWhoBlocksAndLetsTheWritersGoOn() throws SQLException {
        try (Connection blocker = pair.application(Side.BLUE);
                Statement statement = blocker.createStatement()) {
            statement.execute("set application_name = 'nightly report'");
            blocker.setAutoCommit(false);
            statement.execute("update public.accounts set balance = 0");
            String pid = pid(statement);
            assertThatThrownBy(() -> rig.complete(Direction.FORWARD))
                    .isInstanceOfSatisfying(FaultException.class, fault -> {
                        assertThat(fault.code()).isEqualTo(FaultCode.LOCK_TIMEOUT);
                        assertThat(fault.getMessage())
                                .contains("2 attempts")
                                .contains("process " + pid + " (nightly report, idle in transaction, for ")
                                .contains("select pg_backend_pid()");
                    });
            try (Connection other = pair.application(Side.BLUE);
                    Statement writer = other.createStatement()) {
                writer.execute("insert into public.accounts values (5, 5)");
            }
        }
    }

    private static String pid(Statement statement) throws SQLException {
        try (java.sql.ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void aPreparedTransactionIsNamedAsWhatBlocks() throws SQLException {
        try (Connection application = pair.application(Side.BLUE);
                Statement statement = application.createStatement()) {
            statement.execute("begin; insert into public.accounts values (5, 5); prepare transaction 'forgotten-"
                    + pair.databaseName() + "'");
            try {
                assertThatThrownBy(() -> rig.complete(Direction.FORWARD))
                        .hasMessageContaining("prepared transaction forgotten-" + pair.databaseName());
            } finally {
                statement.execute("rollback prepared 'forgotten-" + pair.databaseName() + "'");
            }
        }
    }

    @Test
    void aLockThatComesFreeIsTakenAtTheNextAttempt() throws Exception {
        rig.lockAttempts = 20;
        try (Connection blocker = pair.application(Side.BLUE);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("insert into public.accounts values (5, 5)");
            Thread switching = Thread.ofVirtual().start(() -> {
                try {
                    rig.complete(Direction.FORWARD);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            Await.until(
                    "the fence waits",
                    PATIENCE,
                    () -> !pair.ask(Side.BLUE, "select count(*)::text from pg_locks where not granted")
                            .equals("0"));
            blocker.commit();
            switching.join(20_000);
        }
        assertThat(pair.row(Side.GREEN).owner()).isEqualTo(Side.GREEN);
    }

    @Test
    void aStreamThatDoesNotDrainWithinTheBudgetLeavesTheWritersAlone() throws InterruptedException {
        rig.budget = Duration.ofMillis(300);
        rig.forward.stuck = true;
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt);
        assertFault(FaultCode.DRAIN_TIMEOUT, () -> switchover.perform(Direction.FORWARD, SwitchStep.DRAIN, attempt));
        switchover.undo(Direction.FORWARD, attempt);
        pair.blue.run(session -> session.execute("insert into public.accounts values (5, 5)"));
        assertThat(switchover.writePause()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
        assertThat(rig.forward.awaited).containsExactly(attempt.nonce());
    }

    @ParameterizedTest
    @EnumSource(
            value = SwitchStep.class,
            names = {"DRAIN", "VERIFY", "SEQUENCES", "REVERSE", "COMMIT"})
    void noStepBeginsWhenTheBudgetIsUsedUp(SwitchStep late) throws InterruptedException {
        rig.budget = Duration.ofMillis(400);
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt);
        Await.until(
                "the budget is used up", PATIENCE, () -> switchover.writePause().toMillis() > 400);
        assertFault(FaultCode.BUDGET_EXCEEDED, () -> switchover.perform(Direction.FORWARD, late, attempt));
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
        assertThat(pair.guardOf(Side.BLUE).closed()).isFalse();
    }

    @Test
    void writersGoOnAtOnceWhenAStepFailsWithoutWaitingForTheUndo() throws InterruptedException {
        rig.failpoints = point -> {
            if (point == CrashPoint.SWITCH_DRAINED) {
                throw new IllegalStateException("a bug of ours");
            }
        };
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt);
        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.DRAIN, attempt))
                .hasMessage("a bug of ours");
        pair.blue.run(session -> session.execute(
                "set statement_timeout = '1s'; insert into public.accounts values (5, 5); reset statement_timeout"));
        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.COMMIT, attempt))
                .hasMessageContaining("locks of this attempt are gone");
        switchover.undo(Direction.FORWARD, attempt);
        assertThat(pair.row(Side.BLUE).nonce()).isEmpty();
    }

    @Test
    void rowsThatDifferUnderTheFenceAreNamed() throws InterruptedException {
        rig.verifier.finds("id=5");
        TableName accounts = new TableName("public", "accounts");
        rig.forward.touched = Optional.of(Map.of(accounts, List.of(List.of("5"))));
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.DRAIN);
        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.VERIFY, attempt))
                .isInstanceOfSatisfying(
                        FaultException.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.VERIFY_MISMATCH))
                .hasMessageContaining("public.accounts id=5 DIFFERENT");
        assertThat(rig.verifier.compared).containsOnlyKeys(accounts);
        switchover.undo(Direction.FORWARD, attempt);
    }

    @Test
    void rowsThatNobodyRemembersAreVerifiedAgainInsteadOfSkipped() throws InterruptedException {
        rig.forward.touched = Optional.empty();
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.DRAIN);
        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.VERIFY, attempt))
                .hasMessageContaining("GATE_REFUSED")
                .hasMessageContaining("verify again");
        switchover.undo(Direction.FORWARD, attempt);
    }

    @Test
    void aReverseStreamThatDoesNotAnswerKeepsBlueTheOwner() throws InterruptedException {
        rig.budget = Duration.ofMillis(400);
        rig.reverse.stuck = true;
        assertFault(
                FaultCode.REVERSE_UNPROVEN,
                () -> rig.switchover().rehearse(Direction.FORWARD, rig.attempt(Direction.FORWARD)));
        assertThat(pair.row(Side.BLUE).owner()).isEqualTo(Side.BLUE);
    }

    @Test
    void aPartitionWithoutGuardIsNotLeftOpen() throws InterruptedException {
        pair.blue.run(session -> session.execute("alter table public.accounts disable trigger all"));
        assertFault(FaultCode.GATE_REFUSED, () -> rig.complete(Direction.FORWARD));
        pair.blue.run(session -> session.execute("insert into public.accounts values (5, 5)"));
    }

    @Test
    void anAttemptFromAnotherEpochIsRefusedBeforeAnythingIsLocked() {
        SwitchAttempt late = new SwitchAttempt("late", 5, "op");
        assertFault(FaultCode.CONFLICT, () -> rig.switchover().perform(Direction.FORWARD, SwitchStep.FENCE, late));
        assertFault(
                FaultCode.CONFLICT,
                () -> rig.switchover().perform(Direction.REVERSE, SwitchStep.FENCE, rig.attempt(Direction.FORWARD)));
    }

    @Test
    void anAttemptWhoseClaimWasTakenOverDoesNotHandOver() throws InterruptedException {
        PostgresSwitchover asleep = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(asleep, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.REVERSE);
        pair.blue.run(session -> session.execute("update viridian.ownership set nonce = 'of another daemon'"));
        assertFault(FaultCode.HELD_BY_ANOTHER, () -> asleep.perform(Direction.FORWARD, SwitchStep.COMMIT, attempt));
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
        assertThat(pair.guardOf(Side.BLUE).closed()).isFalse();
    }

    @Test
    void aDaemonThatLostTheStreamToANewerOneDoesNotHandOver() throws InterruptedException {
        pair.blue.run(
                session -> session.execute(
                        "insert into viridian.progress (migration, direction, lsn, epoch) values ('shop-v2', 'reverse', '0/1', 9)"));
        PostgresSwitchover asleep = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(asleep, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.REVERSE);
        assertFault(FaultCode.HELD_BY_ANOTHER, () -> asleep.perform(Direction.FORWARD, SwitchStep.COMMIT, attempt));
        assertThat(asleep.resolve(Direction.FORWARD, attempt)).isEqualTo(Decision.NOT_SWITCHED);
        assertThat(pair.guardOf(Side.BLUE).closed()).isFalse();
    }

    @Test
    void greenIsNotOpenedBeforeTheOtherDirectionsLaneHasTurned() throws InterruptedException {
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.COMMIT);
        rig.reverse.ready = false;
        assertFault(FaultCode.REVERSE_UNPROVEN, () -> switchover.perform(Direction.FORWARD, SwitchStep.OPEN, attempt));
        assertThat(pair.guardOf(Side.GREEN).closed()).isTrue();
        rig.reverse.ready = true;
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.OPEN, SwitchStep.ROUTE);
        assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
    }

    @Test
    void greenStaysClosedWhenBlueNoLongerSaysThatItHandedOver() throws InterruptedException {
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.COMMIT);
        pair.blue.run(
                session -> session.execute("update viridian.ownership set owner = 'blue', epoch = 1, state = 'OPEN'"));
        assertFault(
                FaultCode.OWNERSHIP_IMPOSSIBLE, () -> switchover.perform(Direction.FORWARD, SwitchStep.OPEN, attempt));
        assertThat(pair.guardOf(Side.GREEN).closed()).isTrue();
    }

    @Test
    void everyStepFromTheCommitPointOnMayBeRepeated() throws InterruptedException {
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.ROUTE);
        SwitchRig.perform(rig.switchover(), Direction.FORWARD, attempt, SwitchStep.COMMIT, SwitchStep.ROUTE);
        assertThat(pair.row(Side.GREEN).epoch()).isEqualTo(2);
        assertFault(FaultCode.CONFLICT, () -> rig.switchover().undo(Direction.FORWARD, attempt));
    }

    @Test
    void aSwitchThereAndBackAndThereAgainCountsTheEpochsUp() throws InterruptedException {
        rig.complete(Direction.FORWARD);
        rig.complete(Direction.REVERSE);
        rig.complete(Direction.FORWARD);
        assertThat(pair.row(Side.BLUE).epoch()).isEqualTo(4);
        assertThat(pair.guardOf(Side.GREEN)).isEqualTo(new GuardState.Open(Pair.MIGRATION, 4));
    }

    private static void assertFault(FaultCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        FaultException.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    /**
     * A daemon that was replaced may stand still in a repeated opening. Without a lock on the row the new owner could
     * hand back meanwhile, and have its guard opened afterwards (the model's OPENING_REPEATED_WITHOUT_A_LOCK).
     */
    @Test
    void anOpeningThatIsRepeatedHoldsItsRowUntilTheGuardIsOpen() throws Exception {
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.OPEN);
        try (Session inTheWay = pair.green.open("in the way")) {
            inTheWay.begin();
            inTheWay.execute("alter function viridian.guard() cost 100");
            CompletableFuture<Boolean> repeated = new CompletableFuture<>();
            Thread.ofPlatform().name("conductor").start(() -> {
                try {
                    switchover.perform(Direction.FORWARD, SwitchStep.OPEN, attempt);
                    repeated.complete(true);
                } catch (InterruptedException | RuntimeException failure) {
                    repeated.completeExceptionally(failure);
                }
            });
            Await.until(
                    "the opening comes to the guard",
                    PATIENCE,
                    () -> pair.ask(
                                    Side.GREEN,
                                    "select count(*)::text from pg_stat_activity where datname = current_database() "
                                            + "and query ilike 'create or replace function viridian.guard%' "
                                            + "and wait_event_type = 'Lock'")
                            .equals("1"));
            assertThatThrownBy(() -> pair.green.run(session ->
                            session.list("select 1 from viridian.ownership for update nowait", row -> row.number(1))))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            busy -> assertThat(busy.fault().sqlState()).isEqualTo("55P03"));
            inTheWay.rollback();
            assertThat(repeated.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pair.guardOf(Side.GREEN)).isEqualTo(new GuardState.Open(Pair.MIGRATION, 2));
    }
}
