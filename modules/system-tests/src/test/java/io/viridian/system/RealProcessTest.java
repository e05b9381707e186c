package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon as a process that ends as under kill -9, at named places and at any moment. Which places is a matter of
 * the seed, which is printed; {@code -Dviridian.seed=N} takes the same again. {@code make chaos} takes all of them.
 */
class RealProcessTest {
    private static final Logger LOG = LoggerFactory.getLogger(RealProcessTest.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final List<CrashPoint> PREPARING = beginning("PREPARE_");
    private static final List<CrashPoint> LOADING = beginning("BACKFILL_", "STREAM_", "VERIFY_");
    private static final List<CrashPoint> SWITCHING = beginning("SWITCH_");
    private static final List<CrashPoint> ENDING = beginning("CLEANUP_");

    @TempDir
    Path directory;

    private final long seed = Long.getLong("viridian.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** One death in each part of a migration's life. */
    private record Deaths(CrashPoint prepare, CrashPoint load, CrashPoint there, CrashPoint back, CrashPoint end) {}

    private static List<CrashPoint> beginning(String... prefixes) {
        return Arrays.stream(CrashPoint.values())
                .filter(point -> Arrays.stream(prefixes).anyMatch(point.name()::startsWith))
                .toList();
    }

    @Test
    void aSampleOfDeathsLosesNothing() throws Exception {
        migrate(rounds().getFirst(), "pgoutput", directory);
    }

    @Tag("chaos")
    @Test
    void aSampleOfDeathsLosesNothingWithTheOtherEngine() throws Exception {
        migrate(rounds().getFirst(), "debezium", directory);
    }

    @Tag("chaos")
    @Test
    void noDeathLosesAnything() throws Exception {
        List<Deaths> rounds = rounds();
        for (int round = 0; round < rounds.size(); round++) {
            migrate(rounds.get(round), "pgoutput", Files.createDirectory(directory.resolve("round-" + round)));
        }
    }

    /** Every point at least once, in an order of the seed's. */
    private List<Deaths> rounds() {
        LOG.info("seed {}", seed);
        int most = Math.max(LOADING.size(), SWITCHING.size());
        List<CrashPoint> prepare = shuffled(PREPARING);
        List<CrashPoint> load = shuffled(LOADING);
        List<CrashPoint> there = shuffled(SWITCHING);
        List<CrashPoint> back = shuffled(SWITCHING);
        List<CrashPoint> end = shuffled(ENDING);
        List<Deaths> rounds = new ArrayList<>();
        for (int round = 0; round < most; round++) {
            rounds.add(new Deaths(
                    prepare.get(round % prepare.size()),
                    load.get(round % load.size()),
                    there.get(round % there.size()),
                    back.get(round % back.size()),
                    end.get(round % end.size())));
        }
        return rounds;
    }

    private List<CrashPoint> shuffled(List<CrashPoint> points) {
        List<CrashPoint> shuffled = new ArrayList<>(points);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private void migrate(Deaths deaths, String engine, Path place) throws Exception {
        LOG.info("dies at {}", deaths);
        Rig rig = new Rig(ServerPair.shared(15, 17), place)
                .configure("schema:\n  from: blue\ncapture:\n  engine: " + engine + "\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonProcess daemon = new DaemonProcess(rig)) {
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon);
            daemon.dyingAt(deaths.prepare(), 1).dyingAt(deaths.load(), 1).dyingAt(deaths.there(), 1);
            driver.reach(StateName.READY);
            assertThat(daemon.exits()).containsExactly(DaemonProcess.KILLED, DaemonProcess.KILLED);
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            ledger.assertCleanOn(Side.GREEN);
            daemon.stop();
            daemon.dyingAt(deaths.back(), 1);
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            daemon.dyingAt(deaths.end(), 1);
            killWithin(daemon, ledger);
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            driver.finish();
            daemon.stop();
            assertThat(daemon.exits())
                    .as(deaths.toString())
                    .filteredOn(exit -> exit == DaemonProcess.KILLED)
                    .hasSize(6);
            rig.assertNothingLeft(before);
        }
    }

    /** At a moment of nobody's choice: some writes after the switch was asked for. */
    private void killWithin(DaemonProcess daemon, Ledger ledger) throws InterruptedException {
        long until = ledger.workload().operations() + random.nextInt(60);
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                daemon.panel().submit(io.viridian.migration.Operation.Type.CUTOVER, java.util.Map.of());
            } catch (RuntimeException refused) {
                LOG.info("{}", refused.getMessage());
            }
        });
        Await.until("some writes later", PATIENCE, () -> ledger.workload().operations() >= until);
        daemon.kill();
        asking.join();
    }
}
