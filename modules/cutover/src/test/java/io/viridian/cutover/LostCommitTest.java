package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Ambiguity;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover.Decision;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.net.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answer to the deciding commit is lost; only reading the row tells what happened. */
@Timeout(60)
final class LostCommitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String ASKED_FOR =
            "select count(*)::text from pg_locks where mode = 'ShareRowExclusiveLock' and not granted "
                    + "and database = (select oid from pg_database where datname = current_database())";

    private Pair pair;
    private TcpProxy proxy;
    private SwitchRig rig;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
        proxy = TcpProxy.to(pair.blueServer);
        rig = pair.rig();
        rig.blue = Pair.database(Side.BLUE, pair.blueServer, proxy.jdbcUrl(pair.databaseName()));
        rig.budget = Duration.ofSeconds(2);
    }

    @AfterEach
    void closePair() {
        rig.blue.close();
        proxy.close();
        pair.close();
    }

    /** Makes the deciding commit last: a deferred trigger runs within COMMIT. */
    private void commitTakes(String duration) {
        pair.blue.run(session -> session.execute("""
                create function public.slow() returns trigger language plpgsql as
                    'begin perform pg_sleep_for(''%s''); return null; end';
                create constraint trigger slow after update on viridian.ownership deferrable initially deferred
                    for each row when (new.state = 'TRANSFERRED') execute function public.slow()
                """.formatted(duration)));
    }

    private void awaitCommitting() throws InterruptedException {
        Await.until(
                "the deciding commit runs",
                PATIENCE,
                () -> pair.ask(
                                Side.BLUE,
                                "select count(*)::text from pg_stat_activity where datname = current_database() "
                                        + "and query ilike 'commit' and state = 'active'")
                        .equals("1"));
    }

    private CompletableFuture<Boolean> committing(PostgresSwitchover switchover, SwitchAttempt attempt)
            throws InterruptedException {
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.FENCE, SwitchStep.REVERSE);
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.ofPlatform().name("conductor").start(() -> {
            try {
                switchover.perform(Direction.FORWARD, SwitchStep.COMMIT, attempt);
                done.complete(true);
            } catch (InterruptedException | RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        });
        awaitCommitting();
        return done;
    }

    @Test
    void aCommitThatHappenedIsCarriedOn() throws Exception {
        commitTakes("300ms");
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        CompletableFuture<Boolean> commit = committing(switchover, attempt);
        proxy.dropReplies();
        assertThatThrownBy(() -> commit.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(Ambiguity.class);
        proxy.pass();
        assertThat(switchover.resolve(Direction.FORWARD, attempt)).isEqualTo(Decision.SWITCHED);
        SwitchRig.perform(switchover, Direction.FORWARD, attempt, SwitchStep.OPEN, SwitchStep.ROUTE);
        assertThat(pair.guardOf(Side.BLUE).closed()).isTrue();
        assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
    }

    @Test
    void aCommitThatDidNotHappenLeavesBlueTheOwner() throws Exception {
        commitTakes("30s");
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        CompletableFuture<Boolean> commit = committing(switchover, attempt);
        proxy.halfOpen();
        assertThatThrownBy(() -> commit.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(Ambiguity.class);
        proxy.pass();
        assertThat(switchover.resolve(Direction.FORWARD, attempt)).isEqualTo(Decision.NOT_SWITCHED);
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
        assertThat(pair.row(Side.BLUE).nonce()).isEmpty();
        assertThat(pair.guardOf(Side.BLUE).closed()).isFalse();
        pair.blue.run(session -> session.execute("insert into public.accounts values (5, 5)"));
    }

    @Test
    void nothingIsConcludedUntilTheSideAnswers() throws Exception {
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        proxy.cut();
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        Thread resolving = Thread.ofPlatform().name("conductor").start(() -> {
            try {
                decision.complete(rig.switchover().resolve(Direction.FORWARD, attempt));
            } catch (InterruptedException | RuntimeException failure) {
                decision.completeExceptionally(failure);
            }
        });
        Await.until("it waits for the next look", PATIENCE, () -> resolving.getState() == Thread.State.TIMED_WAITING);
        assertThat(decision).isNotDone();
        proxy.pass();
        assertThat(decision.get(20, TimeUnit.SECONDS)).isEqualTo(Decision.NOT_SWITCHED);
    }

    @Test
    void aCommitStillUnderWayIsEndedSoThatItCannotArriveAfterTheAnswer() throws Exception {
        commitTakes("30s");
        rig.budget = Duration.ofSeconds(20);
        PostgresSwitchover old = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        CompletableFuture<Boolean> commit = committing(old, attempt);
        Decision decision = pair.rig().switchover().resolve(Direction.FORWARD, attempt);
        assertThat(decision).isEqualTo(Decision.NOT_SWITCHED);
        assertThatThrownBy(() -> commit.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(Ambiguity.class);
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
    }

    @Test
    void aHangingNetworkUnderTheFenceEndsWithTheBudgetAndNotLater() throws Exception {
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt);
        proxy.blackHole();
        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.DRAIN, attempt))
                .hasMessageContaining("BUDGET_EXCEEDED");
        assertThat(switchover.writePause()).isLessThan(Duration.ofSeconds(6));
        proxy.pass();
        switchover.undo(Direction.FORWARD, attempt);
        pair.blue.run(session -> session.execute("insert into public.accounts values (5, 5)"));
    }

    @Test
    void aMissingStandbyNeitherStopsTheMarkersNorLosesTheDecision() throws Exception {
        pair.blueServer.set("synchronous_standby_names", "nosuch");
        try {
            rig.complete(Direction.FORWARD);
            assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
        } finally {
            pair.blueServer.reset("synchronous_standby_names");
        }
    }

    /** Until it ends a writer that holds the table keeps the locks from being granted. */
    private void vanishesWhileTheLocksAreAskedFor(boolean thenGranted) throws Exception {
        rig.lockTimeout = thenGranted ? Duration.ofSeconds(15) : Duration.ofSeconds(2);
        rig.lockAttempts = 1;
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        PostgresSwitchover switchover = rig.switchover();
        CompletableFuture<Boolean> asking = new CompletableFuture<>();
        try (Connection holder = pair.application(Side.BLUE);
                Statement writes = holder.createStatement()) {
            holder.setAutoCommit(false);
            writes.execute("insert into public.accounts values (4, 4)");
            Thread.ofPlatform().name("conductor").start(() -> {
                try {
                    switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt);
                    asking.complete(true);
                } catch (InterruptedException | RuntimeException failure) {
                    asking.completeExceptionally(failure);
                }
            });
            Await.until(
                    "the locks are asked for",
                    PATIENCE,
                    () -> pair.ask(Side.BLUE, ASKED_FOR).equals("1"));
            proxy.blackHole();
            if (thenGranted) {
                holder.commit();
            }
            pair.blue.run(session ->
                    session.execute("set statement_timeout = '20s'; insert into public.accounts values (5, 5)"));
            assertThat(pair.ask(Side.BLUE, ASKED_FOR)).isEqualTo("0");
            holder.rollback();
        } finally {
            proxy.pass();
        }
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
        assertThatThrownBy(() -> asking.get(20, TimeUnit.SECONDS)).isNotNull();
        switchover.undo(Direction.FORWARD, attempt);
    }

    @Test
    void theServerLetsTheWritersGoWhenTheDaemonsHostVanishesWhileItAsksForTheLocks() throws Exception {
        vanishesWhileTheLocksAreAskedFor(false);
    }

    @Test
    void theServerLetsTheWritersGoWhenTheLocksAreGrantedToAHostThatIsGone() throws Exception {
        vanishesWhileTheLocksAreAskedFor(true);
    }

    @Test
    void theServerLetsTheWritersGoWhenTheDaemonsHostVanishes() throws Exception {
        PostgresSwitchover switchover = rig.switchover();
        switchover.perform(Direction.FORWARD, SwitchStep.FENCE, rig.attempt(Direction.FORWARD));
        proxy.blackHole();
        pair.blue.run(
                session -> session.execute("set statement_timeout = '20s'; insert into public.accounts values (5, 5)"));
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
    }
}
