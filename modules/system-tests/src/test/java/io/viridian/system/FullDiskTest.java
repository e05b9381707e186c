package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.ServerRole;
import io.viridian.testkit.server.SharedServers;
import io.viridian.testkit.server.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Green's disk is full: a file system of 96 MiB, and the kernel's own word for it. */
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long DISK_BYTES = 96L << 20;
    private static final String COUNT = "select count(*) from note";

    /** About twenty mebibytes. */
    private static final String MUCH = "insert into note select n, repeat('x', 1000) from generate_series(%d, %d) as n";

    @TempDir
    Path directory;

    private static void awaitFull(DaemonHere daemon) throws InterruptedException {
        Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
        assertThat(daemon.fault()).contains("code=GREEN_FAILED", "53100", "No space left on device");
    }

    @Test
    void loadAndStreamStopAndGoOnWhenThereIsRoom() throws Exception {
        assumeTrue(SmallDisk.possible(), "skipped: this machine lets nobody mount a file system for one process");
        try (SmallDisk disk = SmallDisk.start(ServerRole.GREEN, 17, DISK_BYTES)) {
            PostgresServer blue = SharedServers.blue(15);
            Rig rig = new Rig(new ServerPair(blue, disk.server()), directory).configure("schema:\n  from: blue\n");
            rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
            rig.execute(Side.BLUE, MUCH.formatted(1, 20_000));
            disk.fill(6);
            try (DaemonHere daemon = new DaemonHere(rig)) {
                Driver driver = new Driver(daemon);
                daemon.start();
                awaitFull(daemon);
                disk.makeRoom();
                daemon.submit(Operation.Type.RESUME, Map.of());
                Await.until("it goes on", PATIENCE, () -> daemon.state() != StateName.HALTED);
                driver.reach(StateName.READY);
                assertThat(rig.ask(Side.GREEN, COUNT)).isEqualTo("20000");

                disk.fill(1);
                rig.execute(Side.BLUE, MUCH.formatted(20_001, 30_000));
                awaitFull(daemon);
                rig.execute(Side.BLUE, "delete from note where id = 1");
                assertThat(rig.ask(Side.GREEN, COUNT)).isEqualTo("20000");
                disk.makeRoom();
                daemon.submit(Operation.Type.RESUME, Map.of());
                Await.until(
                        "green follows",
                        PATIENCE,
                        () -> rig.ask(Side.GREEN, COUNT).equals("29999"));
                driver.reach(StateName.READY);
                driver.cutover();
                rig.assertOnlyWritable(Side.GREEN, "note");
            }
        }
    }
}
