package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way back when the daemon is dead and nobody wants to start it first. */
class DirectRollbackTest {
    @TempDir
    Path directory;

    private static ProgramRun direct(Rig rig) throws Exception {
        return ProgramRun.of(
                rig, "rollback", "--direct", "--confirm", rig.migration, "--reason", "the daemon's machine is gone");
    }

    @Test
    void bringsEveryRowBackWithoutADaemonAndTheNextDaemonKnows() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonProcess daemon = new DaemonProcess(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            daemon.kill();
            ProgramRun rollback = direct(rig);
            assertThat(rollback.exit()).as(rollback.toString()).isZero();
            assertThat(rollback.out()).contains("rollback  SUCCEEDED");
            assertThat(rig.ask(Side.BLUE, "select string_agg(reason, ', ') from viridian.operation"))
                    .contains("the daemon's machine is gone");
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            ledger.assertCleanOn(Side.BLUE);
            driver.reach(StateName.ROLLED_BACK);
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
        }
    }

    @Test
    void finishesTheCutoverInWhichTheDaemonDiedAndGoesBackThen() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonProcess daemon = new DaemonProcess(rig).dyingAt(CrashPoint.SWITCH_AFTER_COMMIT_POINT, 1)) {
            new Driver(daemon).reach(StateName.READY);
            daemon.panel().submit(Operation.Type.CUTOVER, Map.of());
            assertThat(daemon.awaitEnd()).isEqualTo(DaemonProcess.KILLED);
            ProgramRun rollback = direct(rig);
            assertThat(rollback.exit()).as(rollback.toString()).isZero();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }

    @Test
    void leavesADaemonThatLeadsAlone() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table item (id int primary key)");
        try (DaemonProcess daemon = new DaemonProcess(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            ProgramRun rollback = direct(rig);
            assertThat(rollback.exit()).as(rollback.toString()).isEqualTo(DaemonProcess.HELD_BY_ANOTHER);
            assertThat(rollback.err()).contains("HELD_BY_ANOTHER", "process ");
            assertThat(daemon.panel().state()).isEqualTo(StateName.SWITCHED);
        }
    }
}
