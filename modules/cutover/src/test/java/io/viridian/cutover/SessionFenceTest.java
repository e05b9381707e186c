package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover.Decision;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Blue carries no trigger of ours, and is closed by its sessions. */
@Timeout(60)
final class SessionFenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String SETTING = """
            select coalesce((select array_to_string(setconfig, ',') from pg_db_role_setting
                             where setrole = 0 and setdatabase = (select oid from pg_database
                                                                  where datname = current_database())), 'none')
            """;

    private Pair pair;
    private SwitchRig rig;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.closedBySessions();
        rig = pair.rig();
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    private void write(Side side, long id) throws SQLException {
        try (Connection application = pair.application(side)) {
            write(application, id);
        }
    }

    private static void write(Connection application, long id) throws SQLException {
        try (Statement statement = application.createStatement()) {
            statement.execute("insert into public.accounts values (" + id + ", 1)");
        }
    }

    private void assertRefusedOnBlue() {
        assertThatThrownBy(() -> write(Side.BLUE, 99))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo("25006"));
    }

    private Set<Long> idsOnBlue() {
        return pair.blue.query(session -> session.list("select id from public.accounts", row -> row.number(1))).stream()
                .collect(Collectors.toSet());
    }

    @Test
    void aSwitchThereAndBackLeavesNoTriggerAndNoSetting() throws Exception {
        rig.complete(Direction.FORWARD);

        assertThat(pair.ask(Side.BLUE, "select count(*)::text from pg_trigger where not tgisinternal"))
                .isEqualTo("0");
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.TRANSFERRED);
        assertRefusedOnBlue();
        write(Side.GREEN, 1);
        assertThat(rig.forward.awaited)
                .as("drained under the locks, and only there")
                .hasSize(1);

        rig.complete(Direction.REVERSE);

        assertThat(pair.ask(Side.BLUE, SETTING)).isEqualTo("none");
        write(Side.BLUE, 2);
        assertThatThrownBy(() -> write(Side.GREEN, 3)).hasMessageContaining("green is closed for writes");
    }

    /** As somebody who takes the setting back, and as a standby that has not received the hand-over. */
    @Test
    void aBlueThatIsWritableAgainIsClosedAgainAndWhoHasConnectedIsEnded() throws Exception {
        rig.complete(Direction.FORWARD);
        OwnershipKeeper keeper =
                new OwnershipKeeper(pair.blue, pair.green, Pair.MIGRATION, Closing.SESSIONS, () -> rig.daemonEpoch);
        assertThat(keeper.look(Side.GREEN)).isEqualTo(new OwnershipKeeper.Found.Nothing());
        String reset = "alter database " + pair.databaseName() + " reset default_transaction_read_only";
        pair.blue.run(session -> session.execute(reset));
        try (Connection straggler = pair.application(Side.BLUE)) {
            write(straggler, 50);
            assertThat(keeper.look(Side.GREEN)).isInstanceOf(OwnershipKeeper.Found.ClosedAgain.class);
            assertThatThrownBy(() -> write(straggler, 51)).isInstanceOf(SQLException.class);
        }
        assertRefusedOnBlue();
        pair.blue.run(session -> session.execute(reset
                + "; update viridian.ownership set owner = 'blue', state = 'OPEN', epoch = 1; comment on function"
                + " viridian.guard() is null"));
        pair.blue.run(session -> pair.guard().open(session, 1));
        try (Connection straggler = pair.application(Side.BLUE)) {
            write(straggler, 52);
            assertThat(keeper.look(Side.GREEN)).isInstanceOf(OwnershipKeeper.Found.FenceLost.class);
            assertThatThrownBy(() -> write(straggler, 53)).isInstanceOf(SQLException.class);
        }
        assertRefusedOnBlue();
        assertThat(keeper.look(Side.GREEN)).isEqualTo(new OwnershipKeeper.Found.Nothing());
    }

    @Test
    void noWriteIsAcknowledgedAfterTheCommitPointHoweverOftenClientsConnectAnew() throws Exception {
        AtomicReference<Set<Long>> atCommit = new AtomicReference<>(Set.of());
        rig.failpoints = point -> {
            if (point == CrashPoint.SWITCH_AFTER_COMMIT_POINT) {
                atCommit.set(idsOnBlue());
            }
        };
        try (Writers staying = Writers.on(pair, Side.BLUE, 3, 1);
                ReconnectingWriters writers = ReconnectingWriters.on(pair, Side.BLUE, 6)) {
            Await.until(
                    "writers are busy",
                    PATIENCE,
                    () -> writers.acknowledged.size() > 100 && staying.acknowledged.size() > 100);
            rig.complete(Direction.FORWARD);
            Await.until("everybody was refused often", PATIENCE, () -> writers.refusals.get() > 100);
            writers.finish();
            staying.finish();
            assertThat(writers.ended).as("sessions ended in the middle").hasPositiveValue();
            assertThat(staying.refusals).as("sessions of before that live on").hasValue(0);
            Set<Long> acknowledged = new java.util.HashSet<>(writers.acknowledged);
            acknowledged.addAll(staying.acknowledged);
            assertThat(acknowledged).isEqualTo(atCommit.get());
            assertThat(idsOnBlue()).isEqualTo(atCommit.get());
        }
    }

    /** It has read the settings of before, and nobody sees it yet; what is seen when has changed with 18. */
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aSessionThatIsJustBeginningAtTheCommitPointIsEndedLikeAnyOther(int major) throws Exception {
        pair.close();
        pair = Pair.create(ServerPair.shared(major, 18), Pair.ACCOUNTS, Closing.SESSIONS);
        rig = pair.rig();
        rig.budget = Duration.ofSeconds(10);
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.REVERSE);
        CompletableFuture<Connection> beginning = new CompletableFuture<>();
        Properties slow = new Properties();
        slow.setProperty("user", pair.blueServer.superuser());
        slow.setProperty("options", "-c post_auth_delay=1");
        Thread.ofVirtual().start(() -> {
            try {
                beginning.complete(DriverManager.getConnection(pair.blueServer.jdbcUrl(pair.databaseName()), slow));
            } catch (SQLException refused) {
                beginning.completeExceptionally(refused);
            }
        });
        Await.until(
                "a session begins",
                PATIENCE,
                () -> !pair.ask(
                                Side.BLUE,
                                "select count(*)::text from pg_locks where locktype = 'object' and mode = 'RowExclusiveLock'"
                                        + " and objid = (select oid from pg_database where datname = current_database())")
                        .equals("0"));
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.COMMIT, SwitchStep.ROUTE);
        assertThatThrownBy(() -> {
                    try (Connection connection = beginning.get(20, TimeUnit.SECONDS)) {
                        write(connection, 7);
                    }
                })
                .isNotNull();
        assertThat(idsOnBlue()).isEmpty();
    }

    @Test
    void beforeTheCommitPointNothingIsChangedAndNobodyIsEnded() throws Exception {
        try (Connection application = pair.application(Side.BLUE)) {
            write(application, 1);
            rig.switchover().rehearse(Direction.FORWARD, rig.attempt(Direction.FORWARD));
            write(application, 2);
        }
        assertThat(pair.ask(Side.BLUE, SETTING)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "on"})
    void aSettingOfTheUsersOwnComesBack(String own) throws Exception {
        String name = pair.databaseName();
        pair.blue.run(session -> session.execute("alter database \"" + name + "\" set default_transaction_read_only = "
                + own + "; alter database \"" + name + "\" set work_mem = '8MB'"));
        String before = pair.ask(Side.BLUE, SETTING);
        rig.complete(Direction.FORWARD);
        assertRefusedOnBlue();
        rig.complete(Direction.REVERSE);
        assertThat(pair.ask(Side.BLUE, SETTING).split(",", -1)).containsExactlyInAnyOrder(before.split(",", -1));
        rig.complete(Direction.FORWARD);
        pair.blue.transaction(ReadOnlyDefault::lift);
        pair.blue.transaction(ReadOnlyDefault::lift);
        pair.blue.run(session -> pair.guard().remove(session));
        assertThat(pair.ask(Side.BLUE, SETTING).split(",", -1)).containsExactlyInAnyOrder(before.split(",", -1));
    }

    /** Whoever killed the session that held them, or the server that found it idle for too long. */
    @Test
    void whatIsWrittenWhenTheLocksAreLostAfterTheCommitPointIsDrainedBeforeTheOtherSideOpens() throws Exception {
        try (Connection old = pair.application(Side.BLUE)) {
            write(old, 1);
            rig.failpoints = point -> {
                if (point == CrashPoint.SWITCH_AFTER_COMMIT_POINT) {
                    loseTheLocks();
                }
            };
            PostgresSwitchover switchover = rig.switchover();
            SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
            SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.COMMIT);
            write(old, 2);
            rig.forward.stuck = true;
            assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.OPEN, attempt))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            late -> assertThat(late.code()).isEqualTo(FaultCode.DRAIN_TIMEOUT));
            assertThat(pair.guardOf(Side.GREEN).closed()).isTrue();
            assertThatThrownBy(() -> write(old, 3)).as("a session of before").isNotNull();
            rig.forward.stuck = false;
            SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.OPEN, SwitchStep.ROUTE);
        }
        assertThat(idsOnBlue()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(rig.forward.awaited).hasSize(3).doesNotHaveDuplicates();
        assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
    }

    /** It needs no session, so nobody ends it with its session. */
    @Test
    void aTransactionThatIsPreparedWhenTheLocksAreLostKeepsTheOtherSideClosedUntilItHasEnded() throws Exception {
        String name = "left_" + pair.databaseName();
        try (Connection old = pair.application(Side.BLUE)) {
            write(old, 1);
            rig.failpoints = point -> {
                if (point == CrashPoint.SWITCH_AFTER_COMMIT_POINT) {
                    loseTheLocks();
                }
            };
            PostgresSwitchover switchover = rig.switchover();
            SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
            SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.COMMIT);
            try (Statement statement = old.createStatement()) {
                statement.execute(
                        "begin; insert into public.accounts values (2, 1); prepare transaction '" + name + "'");
            }
            assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.OPEN, attempt))
                    .isInstanceOfSatisfying(FaultException.class, late -> {
                        assertThat(late.code()).isEqualTo(FaultCode.LOCK_TIMEOUT);
                        assertThat(late.getMessage()).contains(name).contains("green stays closed");
                    });
            assertThat(pair.guardOf(Side.GREEN).closed()).isTrue();
            assertThat(rig.forward.awaited)
                    .as("nothing is drained that is not over")
                    .hasSize(1);
            pair.blue.run(session -> session.execute("commit prepared '" + name + "'"));
            SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.OPEN, SwitchStep.ROUTE);
        }
        assertThat(idsOnBlue()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(rig.forward.awaited).hasSize(2);
    }

    private void loseTheLocks() {
        pair.blue.run(session -> session.list(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                        + "and application_name = 'viridian test " + Fence.PURPOSE + "'",
                row -> true));
        try {
            Await.until(
                    "the locks are gone",
                    PATIENCE,
                    () -> pair.ask(
                                    Side.BLUE,
                                    "select count(*)::text from pg_locks where mode = 'ShareRowExclusiveLock' "
                                            + "and relation = 'public.accounts'::regclass")
                            .equals("0"));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void locksThatAreLostBeforeTheCommitPointUndoTheSwitch() throws Exception {
        rig.failpoints = point -> {
            if (point == CrashPoint.SWITCH_HANDED_OVER) {
                loseTheLocks();
            }
        };
        assertThatThrownBy(() -> rig.complete(Direction.FORWARD)).isInstanceOf(RuntimeException.class);
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
        assertThat(pair.ask(Side.BLUE, SETTING)).isEqualTo("none");
        write(Side.BLUE, 1);
    }

    @Test
    void aDecisionStillUnderWayIsEndedSoThatItCannotArriveAfterTheAnswer() throws Exception {
        pair.blue.run(session -> session.execute("""
                create function public.slow() returns trigger language plpgsql as
                    'begin perform pg_sleep_for(''30s''); return null; end';
                create constraint trigger slow after update on viridian.ownership deferrable initially deferred
                    for each row when (new.state = 'TRANSFERRED') execute function public.slow()
                """));
        rig.budget = Duration.ofSeconds(20);
        PostgresSwitchover old = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        SwitchRig.perform(old, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.REVERSE);
        CompletableFuture<Boolean> commit = new CompletableFuture<>();
        Thread.ofPlatform().name("conductor").start(() -> {
            try {
                old.perform(Direction.FORWARD, SwitchStep.COMMIT, attempt);
                commit.complete(true);
            } catch (InterruptedException | RuntimeException failure) {
                commit.completeExceptionally(failure);
            }
        });
        Await.until(
                "the deciding commit runs",
                PATIENCE,
                () -> pair.ask(
                                Side.BLUE,
                                "select count(*)::text from pg_stat_activity where datname = current_database() "
                                        + "and query ilike 'commit' and state = 'active'")
                        .equals("1"));
        assertThat(pair.rig().switchover().resolve(Direction.FORWARD, attempt)).isEqualTo(Decision.NOT_SWITCHED);
        assertThatThrownBy(() -> commit.get(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(pair.ask(Side.BLUE, SETTING)).isEqualTo("none");
        write(Side.BLUE, 1);
    }

    @Test
    void sessionsOfSuperusersStayWhereOurRoleIsNoneAndAreInNobodysWay() throws Exception {
        String ours = "ours_" + pair.databaseName();
        String application = "app_" + pair.databaseName();
        pair.blue.run(
                session -> session.execute("create role %1$s; create role %2$s login; ".formatted(ours, application)
                        + "grant pg_signal_backend, pg_read_all_stats to " + ours));
        try (Session session = pair.blue.open("switch");
                Connection superuser = pair.application(Side.BLUE);
                Connection other = DriverManager.getConnection(
                        pair.blueServer.jdbcUrl(pair.databaseName()) + "?user=" + application)) {
            session.execute("set role " + ours);
            OldSessions.end(
                    session, pair.blue.applicationName(), Deadline.after(Clock.system(), Duration.ofSeconds(10)));
            assertThat(other.isValid(5)).isFalse();
            write(superuser, 1);
        } finally {
            pair.blue.run(session -> session.execute("drop role %1$s; drop role %2$s".formatted(ours, application)));
        }
    }

    @Test
    void aRoleThatWouldBeExemptKeepsTheSwitchFromBeginning() {
        String role = "exempt_" + pair.databaseName();
        pair.blue.run(session -> session.execute(
                "create role " + role + " login; alter role " + role + " set default_transaction_read_only = off"));
        try {
            assertThatThrownBy(() -> rig.complete(Direction.FORWARD))
                    .isInstanceOfSatisfying(FaultException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(FaultCode.GATE_REFUSED);
                        assertThat(refused.getMessage()).contains(role).contains("reset default_transaction_read_only");
                    });
        } finally {
            pair.blue.run(session -> session.execute("drop role " + role));
        }
    }

    /** A pool that kept trying on blue while it was closed would go on being refused for as long as it keeps them. */
    @Test
    void sessionsThatBeganWhileBlueWasClosedAreEndedWhenItOpensAgain() throws Exception {
        rig.complete(Direction.FORWARD);
        try (Connection pooled = pair.application(Side.BLUE)) {
            assertThatThrownBy(() -> write(pooled, 1)).hasMessageContaining("read-only");
            rig.complete(Direction.REVERSE);
            assertThatThrownBy(() -> write(pooled, 2)).hasMessageContaining("terminating connection");
        }
        write(Side.BLUE, 3);
    }
}
