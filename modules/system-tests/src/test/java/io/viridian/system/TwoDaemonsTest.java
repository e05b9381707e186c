package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One migration, two daemons: the second is told who holds it, and one that was thought dead does no harm. */
class TwoDaemonsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @Test
    void theSecondIsToldWhoHoldsIt() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(50));
                DaemonProcess first = new DaemonProcess(rig);
                DaemonProcess second = new DaemonProcess(rig)) {
            first.start();
            second.launch();
            new Driver(first).reach(StateName.READY);
            assertThat(second.awaitEnd()).isEqualTo(DaemonProcess.HELD_BY_ANOTHER);
            assertThat(second.said())
                    .contains("HELD_BY_ANOTHER", rig.migration, "viridian " + rig.migration, "process ");
            assertThat(first.alive()).isTrue();
            assertThat(ledger.workload().acknowledged()).isPositive();
        }
    }

    @Test
    void aDaemonThatWakesUpAfterItsTimeCommitsNothing() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonProcess zombie = new DaemonProcess(rig);
                DaemonProcess successor = new DaemonProcess(rig)) {
            new Driver(zombie).reach(StateName.READY);
            String epoch = epoch(rig);
            zombie.signal("STOP");
            cutSessions(rig, Side.BLUE);
            cutSessions(rig, Side.GREEN);
            Driver driver = new Driver(successor);
            driver.reach(StateName.READY);
            zombie.signal("CONT");
            driver.cutover();
            assertThat(zombie.awaitEnd()).as(zombie.said()).isEqualTo(DaemonProcess.HELD_BY_ANOTHER);
            assertThat(Long.parseLong(epoch(rig))).isGreaterThan(Long.parseLong(epoch));
            driver.rollback();
            ledger.assertCleanAtTheEndOn(Side.BLUE);
            assertThat(successor.panel().fault()).isEmpty();
        }
    }

    /** Its locks are gone, and for a second it has not looked. */
    @Test
    void aDaemonThatWasReplacedWithoutKnowingSwitchesNothing() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere replaced = new DaemonHere(rig);
                DaemonHere successor = new DaemonHere(rig);
                OneWritableSide watch = OneWritableSide.watching(rig)) {
            new Driver(replaced).reach(StateName.READY);
            // Whoever looks first has the locks again.
            Await.until("another one leads", PATIENCE, () -> {
                takeLocksFrom(rig);
                successor.start();
                return true;
            });
            replaced.submit(Operation.Type.CUTOVER, Map.of());
            Await.until("it has given up", PATIENCE, () -> replaced.gaveUp().isPresent());
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            Driver driver = new Driver(successor);
            driver.reach(StateName.READY);
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            watch.assertKept();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
        }
    }

    private static void takeLocksFrom(Rig rig) throws Exception {
        for (Side side : Side.values()) {
            rig.ask(
                    side,
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'viridian "
                            + rig.migration + " lock'");
        }
    }

    @Test
    void aStandbyTakesOverFromOneThatIsKilled() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonProcess leader = new DaemonProcess(rig);
                DaemonProcess standby = new DaemonProcess(rig).standingBy()) {
            new Driver(leader).reach(StateName.READY);
            standby.launch();
            Await.until("it stands by", PATIENCE, () -> standby.said().contains("stands by on"));
            leader.kill();
            standby.awaitLead();
            Driver driver = new Driver(standby);
            driver.cutover();
            driver.rollback();
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }

    /** Its connections are alive, so that its servers take it for alive; it asks nothing any more. */
    @Test
    void aStandbyTakesOverFromOneThatStandsStillInTheMiddleOfASwitch() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonProcess leader = new DaemonProcess(rig).freezingAt(CrashPoint.SWITCH_AFTER_COMMIT_POINT);
                DaemonProcess standby = new DaemonProcess(rig).standingBy();
                OneWritableSide watch = OneWritableSide.watching(rig)) {
            new Driver(leader).reach(StateName.READY);
            standby.launch();
            Await.until("it stands by", PATIENCE, () -> standby.said().contains("stands by on"));
            leader.panel().submit(Operation.Type.CUTOVER, Map.of());
            Await.until("the leader stands still", PATIENCE, leader::frozen);
            standby.awaitLead();
            Driver driver = new Driver(standby);
            driver.reach(StateName.SWITCHED);
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            leader.signal("CONT");
            assertThat(leader.awaitEnd()).as(leader.said()).isEqualTo(DaemonProcess.HELD_BY_ANOTHER);
            driver.rollback();
            watch.assertKept();
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }

    /** The file that tells of the end is on the other machine. */
    @Test
    void aStandbyDoesNotBeginAnewWhatHasEnded() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (DaemonProcess leader = new DaemonProcess(rig);
                DaemonProcess standby =
                        new DaemonProcess(rig).standingBy().keepingItsStateIn(directory.resolve("elsewhere"))) {
            rig.execute(Side.BLUE, "create table item (id int primary key)");
            Driver driver = new Driver(leader);
            driver.reach(StateName.READY);
            standby.launch();
            Await.until("it stands by", PATIENCE, () -> standby.said().contains("stands by on"));
            Await.until(
                    "it has looked",
                    PATIENCE,
                    () -> standby.probe("/readyz").body().contains("process "));
            driver.abort();
            leader.stop();
            assertThat(standby.awaitEnd()).as(standby.said()).isEqualTo(DaemonProcess.USAGE);
            assertThat(standby.said()).contains("the migration has ended", "remove ");
            standby.launch();
            assertThat(standby.awaitEnd()).as(standby.said()).isEqualTo(DaemonProcess.USAGE);
            assertThat(rig.ask(Side.BLUE, "select count(*) from pg_namespace where nspname = 'viridian'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void aStandbyAnswersProbesAndSaysWhoLeads() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (DaemonProcess leader = new DaemonProcess(rig);
                DaemonProcess standby = new DaemonProcess(rig).standingBy()) {
            rig.execute(Side.BLUE, "create table item (id int primary key)");
            leader.start();
            standby.launch();
            Await.until("it stands by", PATIENCE, () -> standby.said().contains("stands by on"));
            assertThat(standby.probe("/livez").statusCode()).isEqualTo(200);
            Await.until(
                    "it has asked",
                    PATIENCE,
                    () -> standby.probe("/readyz").body().contains("process "));
            assertThat(standby.probe("/readyz").statusCode()).isEqualTo(503);
            assertThat(standby.probe("/metrics").body()).contains("viridian_leader 0");
            assertThat(standby.probe("/v1/migrations/" + rig.migration).body())
                    .contains("HELD_BY_ANOTHER", "viridian " + rig.migration);
            standby.stop();
            assertThat(standby.exits()).last().isNotEqualTo(DaemonProcess.HELD_BY_ANOTHER);
            assertThat(leader.alive()).isTrue();
        }
    }

    private static String epoch(Rig rig) throws Exception {
        return rig.ask(Side.GREEN, "select max(epoch) from viridian.progress");
    }

    /** What a firewall does, or the server when its keepalives stay without an answer. */
    private static void cutSessions(Rig rig, Side side) throws InterruptedException {
        String ours = "from pg_stat_activity where application_name like 'viridian " + rig.migration + "%'";
        Await.until("the sessions on " + side + " are gone", PATIENCE, () -> {
            rig.execute(side, "select pg_terminate_backend(pid) " + ours);
            return rig.ask(side, "select count(*) " + ours).equals("0");
        });
    }
}
