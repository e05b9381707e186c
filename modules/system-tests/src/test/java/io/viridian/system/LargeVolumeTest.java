package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Millions of rows and a transaction of a million changes, by a daemon of half a gigabyte: what fits into memory only
 * by accident ends here, because the process ends at its first lack of it.
 */
@Tag("chaos")
class LargeVolumeTest {
    private static final Logger LOG = LoggerFactory.getLogger(LargeVolumeTest.class);

    /** Minutes on a quiet machine; this is to find what does not end, not what is slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final int ROWS = 5_000_000;
    private static final int CHANGED = 1_000_000;

    private static final List<String> DAEMON = List.of("-XX:+UseG1GC", "-Xmx480m", "-XX:+ExitOnOutOfMemoryError");

    private static final String TABLES = """
            create table large (id bigint primary key, value int not null, body text not null);
            insert into large select n, n %% 1000, repeat('x', 40) from generate_series(1, %1$d) n;
            create table small (id int primary key, value int not null);
            insert into small select n, n from generate_series(1, 100000) n;
            create table keyless (value int, body text);
            alter table keyless replica identity full;
            insert into keyless select n, 'body' from generate_series(1, 100000) n;
            analyze
            """.formatted(ROWS);

    private static final String LARGE_TRANSACTION =
            "update large set value = value + 1, body = body || 'y' where id %% %d = 0".formatted(ROWS / CHANGED);

    private static final String SUMS = "select count(*) || ' ' || sum(value) || ' ' || sum(length(body)) from large";

    @TempDir
    Path directory;

    @Test
    void aMillionChangesAtOnceFitIntoHalfAGigabyte() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory)
                .configure("schema:\n  from: blue\nbackfill:\n  whole-table-up-to: 64MiB\n  chunk-bytes: 32MiB\n");
        rig.execute(Side.BLUE, TABLES);
        try (DaemonProcess daemon = new DaemonProcess(rig, DAEMON)) {
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon, PATIENCE);
            driver.reach(StateName.BACKFILLING);
            // While rows are copied: more than may be kept of what is not proven visible.
            rig.execute(Side.BLUE, LARGE_TRANSACTION);
            driver.reach(StateName.READY);
            LOG.info("ready; peak so far {}", peak(daemon));
            rig.execute(Side.BLUE, LARGE_TRANSACTION);
            arrives(rig, Side.GREEN);
            driver.cutover();
            rig.execute(Side.GREEN, LARGE_TRANSACTION);
            arrives(rig, Side.BLUE);
            assertThat(driver.carryOut(Operation.Type.VERIFY).succeeded()).isTrue();
            driver.rollback();
            LOG.info("rolled back; peak {}", peak(daemon));
            driver.cutover();
            driver.finish();
            assertThat(driver.restarts()).as("starts after the first").isEqualTo(1);
            daemon.stop();
            rig.assertNothingLeft(before);
        }
    }

    private static void arrives(Rig rig, Side side) throws InterruptedException, SQLException {
        String wanted = rig.ask(side.other(), SUMS);
        Await.until(
                "a million changes are on " + side.text(),
                PATIENCE,
                () -> rig.ask(side, SUMS).equals(wanted));
    }

    /** The most that the process has held in memory, as the kernel counts it. */
    private static String peak(DaemonProcess daemon) throws java.io.IOException {
        Path status = Path.of("/proc/" + daemon.pid() + "/status");
        return java.nio.file.Files.exists(status)
                ? java.nio.file.Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("unknown")
                : "unknown";
    }
}
