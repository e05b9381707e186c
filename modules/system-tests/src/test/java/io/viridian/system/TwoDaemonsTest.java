package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
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
