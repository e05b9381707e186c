package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Blue and green go down without a checkpoint and come back, at every kind of work; the daemon, which lives on, goes on
 * by itself. Its servers are its own, because others would notice.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ServerFaultsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The default budget, and what the clients of a machine under load wait for one another. */
    private static final Duration BUDGET = Duration.ofSeconds(3);

    private static final Duration SLACK = Duration.ofMillis(2500);

    private final ServerPair servers = ServerPair.start(15, 17);

    @BeforeAll
    void running() {
        assertThat(servers.blue().running()).isTrue();
    }

    @AfterAll
    void close() {
        servers.close();
    }

    private static Runnable restart(PostgresServer server) {
        return () -> {
            server.stopImmediately();
            server.start();
        };
    }

    @Test
    void whatComesBackIsGoneOnWith(@TempDir Path directory) throws Exception {
        Rig rig = new Rig(servers, directory).configure("schema:\n  from: blue\n");
        Mishaps mishaps = new Mishaps()
                .at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, restart(rig.blue))
                .at(CrashPoint.BACKFILL_ROWS_COPIED, restart(rig.green))
                .at(CrashPoint.BACKFILL_MARKER_EMITTED, restart(rig.blue))
                .at(CrashPoint.BACKFILL_BEFORE_MERGE_COMMIT, restart(rig.green))
                .at(CrashPoint.VERIFY_LANE_HELD, restart(rig.blue));
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start(mishaps);
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            inTheStream(mishaps, rig);
            mishaps.at(CrashPoint.SWITCH_MARKER_EMITTED, restart(rig.blue))
                    .at(CrashPoint.SWITCH_DRAINED, restart(rig.blue))
                    .at(CrashPoint.SWITCH_SEQUENCES_SET, restart(rig.green))
                    .at(CrashPoint.SWITCH_AFTER_COMMIT_POINT, restart(rig.green));
            driver.cutover();
            assertThat(mishaps.ahead()).isEmpty();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            ledger.assertCleanOn(Side.GREEN);
            mishaps.at(CrashPoint.SWITCH_MARKER_EMITTED, restart(rig.green))
                    .at(CrashPoint.SWITCH_AFTER_COMMIT_POINT, restart(rig.blue));
            driver.rollback();
            assertThat(mishaps.ahead()).isEmpty();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            ledger.assertCleanAtTheEndOn(Side.BLUE);
            assertThat(driver.restarts()).as("starts of the daemon by hand").isZero();
        }
    }

    private static void inTheStream(Mishaps mishaps, Rig rig) throws InterruptedException {
        mishaps.at(CrashPoint.STREAM_BEFORE_WINDOW_COMMIT, restart(rig.green))
                .at(CrashPoint.STREAM_AFTER_WINDOW_COMMIT, restart(rig.blue))
                .at(CrashPoint.STREAM_BEFORE_CONFIRM, restart(rig.green));
        Await.until("all of it has happened", PATIENCE, () -> mishaps.ahead().isEmpty());
    }

    /** A server that shuts down waits until whoever reads its log has confirmed all of it, however long that takes. */
    @Test
    void whatIsStoppedInGoodOrderStopsAndIsGoneOnWith(@TempDir Path directory) throws Exception {
        Rig rig = new Rig(servers, directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            stopAndStart(rig);
            driver.cutover();
            stopAndStart(rig);
            driver.rollback();
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }

    private static void stopAndStart(Rig rig) {
        for (Side side : Side.values()) {
            rig.on(side).stopFast();
            rig.on(side).start();
        }
    }

    /** A green that goes down or falls silent while blue is locked: the writers on blue must not wait for it. */
    @Test
    void writersWaitForNoGreen(@TempDir Path directory) throws Exception {
        Rig rig = new Rig(servers, directory).configure("schema:\n  from: blue\n");
        Mishaps mishaps = new Mishaps();
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start(mishaps);
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            mishaps.at(CrashPoint.SWITCH_FENCE_LOCKED, rig.green::stopImmediately);
            assertUndoneInTime(ledger, driver);
            rig.green.start();
            assertThat(mishaps.ahead()).isEmpty();
            verified(driver);
            mishaps.at(CrashPoint.SWITCH_FENCE_LOCKED, rig.green::freeze);
            try {
                assertUndoneInTime(ledger, driver);
            } finally {
                rig.green.thaw();
            }
            assertThat(mishaps.ahead()).isEmpty();
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
        }
    }

    private static void verified(Driver driver) throws InterruptedException {
        Await.until(
                "green is verified again",
                PATIENCE,
                () -> driver.carryOut(Operation.Type.VERIFY).succeeded());
    }

    private static void assertUndoneInTime(Ledger ledger, Driver driver) throws InterruptedException {
        Instant from = Instant.now();
        Panel.Asked cutover = driver.carryOutWhenAllowed(Operation.Type.CUTOVER);
        long enough = ledger.workload().acknowledged() + 50;
        Await.until("the writers go on", PATIENCE, () -> ledger.workload().acknowledged() > enough);
        assertThat(cutover.status()).as(cutover.toString()).isEqualTo(Operation.Status.UNDONE);
        assertThat(ledger.workload().measure(from, Instant.now()).longestPause())
                .as("the writers' longest pause")
                .isLessThan(BUDGET.plus(SLACK));
    }
}
