package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.control.MigrationControl;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work that takes long is broken off in good order: by a signal, or because the operator gives up. */
class BrokenOffTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Where a stop or an abort meets the load: reading, writing, waiting, building. */
    private static final Set<CrashPoint> IN_THE_LOAD = EnumSet.of(
            CrashPoint.PREPARE_CONTROL_SCHEMAS_CREATED,
            CrashPoint.PREPARE_FORWARD_SLOT_CREATED,
            CrashPoint.BACKFILL_WINDOW_OPENED,
            CrashPoint.BACKFILL_SNAPSHOT_TAKEN,
            CrashPoint.BACKFILL_ROWS_COPIED,
            CrashPoint.BACKFILL_KEY_BUILT,
            CrashPoint.BACKFILL_MARKER_EMITTED,
            CrashPoint.BACKFILL_AFTER_MERGE_COMMIT,
            CrashPoint.BACKFILL_INDEXES_BUILT,
            CrashPoint.BACKFILL_REVERSE_CREATED,
            CrashPoint.VERIFY_LANE_HELD);

    /** One of each kind of what an abort has to take away; the long run aborts at all of them. */
    private static final Set<CrashPoint> SAMPLE = EnumSet.of(
            CrashPoint.PREPARE_FORWARD_SLOT_CREATED,
            CrashPoint.BACKFILL_ROWS_COPIED,
            CrashPoint.BACKFILL_INDEXES_BUILT,
            CrashPoint.VERIFY_LANE_HELD);

    /** A stop can come late, when the daemon is past the next point already. */
    private static final Set<StateName> OVER = EnumSet.of(StateName.READY, StateName.HALTED);

    @TempDir
    Path directory;

    /** Once, when the point is passed for the first time, on a thread of its own. */
    private static Failpoints onceAt(CrashPoint point, CompletableFuture<?> passed) {
        return now -> {
            if (now == point) {
                passed.completeAsync(() -> null);
            }
        };
    }

    @Test
    void aStoppedDaemonGoesOnWhereItWas() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            for (CrashPoint point : IN_THE_LOAD) {
                CompletableFuture<?> passed = new CompletableFuture<>();
                daemon.start(onceAt(point, passed));
                Await.until(point + " is passed", PATIENCE, () -> passed.isDone() || OVER.contains(daemon.state()));
                daemon.stop();
            }
            new Driver(daemon).reach(StateName.READY);
            asksTwiceAcrossARestart(daemon);
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }

    /** Whoever asks again after a restart, because an answer got lost, is told of the same operation. */
    private static void asksTwiceAcrossARestart(DaemonHere daemon) throws InterruptedException {
        MigrationControl.Request verify =
                new MigrationControl.Request(Operation.Type.VERIFY, Map.of(), "before the switch", "tester", "key-1");
        String asked = daemon.control().submit(verify).id();
        Await.until(
                "it has ended",
                PATIENCE,
                () -> daemon.find(asked).orElseThrow().status().isFinal());
        daemon.stop();
        daemon.start();
        assertThat(daemon.control().submit(verify).id()).isEqualTo(asked);
    }

    @Test
    void anAbortedLoadLeavesNothing() throws Exception {
        abortAt(SAMPLE);
    }

    @Tag("chaos")
    @Test
    void aLoadAbortedAnywhereLeavesNothing() throws Exception {
        abortAt(IN_THE_LOAD);
    }

    private void abortAt(Set<CrashPoint> points) throws Exception {
        for (CrashPoint point : points) {
            Path own = directory.resolve(point.name());
            assertThat(own.toFile().mkdir()).isTrue();
            abortAt(point, new Rig(ServerPair.shared(15, 17), own).configure("schema:\n  from: blue\n"));
        }
    }

    private static void abortAt(CrashPoint point, Rig rig) throws Exception {
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            List<ServerSnapshot> before = rig.snapshots();
            CompletableFuture<?> passed = new CompletableFuture<>();
            daemon.start(onceAt(point, passed));
            Await.until(point + " is passed", PATIENCE, passed::isDone);
            daemon.submit(Operation.Type.ABORT, Map.of());
            Await.until("aborted at " + point, PATIENCE, () -> {
                assertThat(daemon.state()).as(daemon.fault()).isNotEqualTo(StateName.HALTED);
                return daemon.state() == StateName.ABORTED;
            });
            ledger.assertCleanAtTheEndOn(Side.BLUE);
            daemon.stop();
            rig.assertNothingLeft(before);
        }
    }
}
