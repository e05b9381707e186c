package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process that is killed, at moments of nobody's choice, while applications write on both sides. */
class CanaryProcessTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DEATHS = 3;

    /** Enough for both lanes to have met the same rows. */
    private static final int WRITES_OF_A_LIFE = 150;

    @TempDir
    Path directory;

    @Test
    void theNextDaemonGoesOnAndBothSidesHaveTheSame() throws Exception {
        survives("pgoutput");
    }

    @Tag("chaos")
    @Test
    void theNextDaemonGoesOnWithTheOtherEngine() throws Exception {
        survives("debezium");
    }

    private void survives(String engine) throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory)
                .configure("schema:\n  from: blue\ncapture:\n  engine: " + engine + "\n");
        rig.execute(Side.BLUE, BothWriters.SCHEMA);
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonProcess daemon = new DaemonProcess(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, CanaryAsked.start("newest-wins"));
            try (BothWriters writers = BothWriters.on(rig)) {
                for (int death = 0; death < DEATHS; death++) {
                    killAmidWrites(daemon, writers);
                    driver.reach(StateName.CANARY);
                }
                Await.until("conflicts were settled", PATIENCE, () -> conflicts(rig) > 0);
            }
            CanaryAsked.succeeds(driver, CanaryAsked.STOP);
            driver.reach(StateName.READY);
            rig.assertOnlyWritable(Side.BLUE, "note");
            assertThat(driver.carryOut(Operation.Type.VERIFY).result()).containsEntry("clean", "true");
            for (Side side : Side.values()) {
                assertThat(rig.ask(side, BothWriters.TORN)).as(side.text()).isEqualTo("0");
            }
            driver.cutover();
            driver.rollback();
            driver.cutover();
            driver.finish();
            daemon.stop();
            assertThat(daemon.exits())
                    .filteredOn(exit -> exit == DaemonProcess.KILLED)
                    .hasSize(DEATHS);
            rig.assertNothingLeft(before);
        }
    }

    private static void killAmidWrites(DaemonProcess daemon, BothWriters writers) throws InterruptedException {
        long until = writers.written() + WRITES_OF_A_LIFE;
        Await.until("some writes later", PATIENCE, () -> writers.written() >= until);
        daemon.kill();
        long unled = writers.written() + WRITES_OF_A_LIFE / 3;
        Await.until("some that nobody leads", PATIENCE, () -> writers.written() >= unled);
    }

    private static long conflicts(Rig rig) throws Exception {
        String kept = "select count(*) from viridian.conflict";
        return Long.parseLong(rig.ask(Side.BLUE, kept)) + Long.parseLong(rig.ask(Side.GREEN, kept));
    }
}
