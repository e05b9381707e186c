package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.net.TcpProxy;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every boundary of a switch, there and back, and everything that may happen there: to the daemon, to a server, to the
 * network. Whatever it was, the switch is undone or carried to its end, at most one side takes writes at any time, no
 * acknowledged write is lost, and up to the commit point nobody waits longer than the budget allows. Which cells a
 * short run takes is a matter of the seed, which is printed; {@code -Dviridian.seed=N} takes the same again. {@code
 * make chaos} takes all of them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SwitchMatrixTest {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchMatrixTest.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The default budget and the second on top, and what clients of a machine under load wait for one another. */
    private static final Duration LONGEST_PAUSE =
            Duration.ofSeconds(3).plus(Duration.ofSeconds(1)).plus(Duration.ofMillis(2500));

    /**
     * An outage that nobody's writes can outlast ends by itself; beyond {@link #LONGEST_PAUSE}, so that it would show.
     */
    private static final Duration OUTAGE = Duration.ofSeconds(10);

    private static final Duration STEADY = Duration.ofSeconds(1);
    private static final Duration FROZEN = Duration.ofSeconds(60);
    private static final int CELLS_OF_A_SHORT_RUN = 5;

    /** Daemons that stand still take no processor, so several do at once. */
    private static final int FROZEN_AT_ONCE = 4;

    private static final List<CrashPoint> BOUNDARIES = Arrays.stream(CrashPoint.values())
            .filter(point -> point.name().startsWith("SWITCH_"))
            .toList();

    /** From here on there is only forward, and nobody can write until the other side is open. */
    private static final Set<CrashPoint> HANDED_OVER =
            EnumSet.of(CrashPoint.SWITCH_HANDED_OVER, CrashPoint.SWITCH_AFTER_COMMIT_POINT, CrashPoint.SWITCH_OPENED);

    /** The same cells in every short run, so that a change that breaks one is known by it. */
    private static final long USUAL_SEED = 56_664_267_678_631L;

    private final long seed = Long.getLong("viridian.seed", USUAL_SEED);
    private final ServerPair servers = ServerPair.start(15, 17);

    /** What happens to everything but the daemon's own process, which is a matter of its life, not of the world. */
    enum Mishap {
        DAEMON_KILLED,
        BLUE_STOPPED,
        GREEN_STOPPED,
        BLUE_CUT,
        GREEN_CUT,
        BLUE_SILENT,
        GREEN_SILENT,
        REPLIES_OF_BLUE_LOST,
        REPLIES_OF_GREEN_LOST
    }

    private record Cell(CrashPoint point, Mishap mishap) {}

    @AfterAll
    void close() {
        servers.close();
    }

    @Test
    void aSampleOfTheMatrix(@TempDir Path directory) throws Exception {
        List<Cell> cells = new ArrayList<>(
                Arrays.stream(Mishap.values()).flatMap(SwitchMatrixTest::cells).toList());
        LOG.info("seed {}", seed);
        Collections.shuffle(cells, new Random(seed));
        takeAll(cells.subList(0, CELLS_OF_A_SHORT_RUN), directory);
    }

    @Tag("chaos")
    @ParameterizedTest
    @EnumSource
    void everyBoundary(Mishap mishap, @TempDir Path directory) throws Exception {
        takeAll(cells(mishap).toList(), directory);
    }

    private static Stream<Cell> cells(Mishap mishap) {
        return BOUNDARIES.stream().map(point -> new Cell(point, mishap));
    }

    private void takeAll(List<Cell> cells, Path directory) throws Exception {
        try (TcpProxy toBlue = TcpProxy.to(servers.blue());
                TcpProxy toGreen = TcpProxy.to(servers.green())) {
            Rig rig = new Rig(servers, directory).configure("schema:\n  from: blue\n");
            rig.urls(toBlue.url(rig.blueDatabase), toGreen.url(rig.greenDatabase));
            Mishaps mishaps = new Mishaps();
            Mortality mortality = new Mortality(Set.of(), mishaps);
            try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                    DaemonHere daemon = new DaemonHere(rig, mortality)) {
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                try (OneWritableSide watch = OneWritableSide.watching(rig)) {
                    World world = new World(rig, ledger, mishaps, mortality, toBlue, toGreen);
                    for (Cell cell : cells) {
                        world.take(cell, Side.GREEN, driver::cutover);
                        world.take(cell, Side.BLUE, driver::rollback);
                        watch.assertKept();
                    }
                }
                ledger.assertCleanAtTheEndOn(Side.BLUE);
            }
        }
    }

    @FunctionalInterface
    private interface Lead {
        void run() throws InterruptedException;
    }

    /** One migration whose world can go wrong. For the test's thread, but for what happens at a point. */
    private record World(
            Rig rig, Ledger ledger, Mishaps mishaps, Mortality mortality, TcpProxy toBlue, TcpProxy toGreen) {
        void take(Cell cell, Side to, Lead lead) throws Exception {
            LOG.info("{} on the way to {}", cell, to);
            if (cell.mishap() == Mishap.DAEMON_KILLED) {
                mortality.alsoAt(Set.of(cell.point()));
            } else {
                mishaps.at(cell.point(), happening(cell.mishap()));
            }
            everybodyWrites();
            Instant from = Instant.now();
            lead.run();
            assertThat(mishaps.ahead()).as("passed on the way to " + to).isEmpty();
            assertThat(mortality.notPassed()).as("passed on the way to " + to).isEmpty();
            toBlue.pass();
            toGreen.pass();
            Duration pause = ledger.workload().measure(from, Instant.now()).longestPause();
            LOG.info("{} on the way to {}: the longest pause was {} ms", cell, to, pause.toMillis());
            if (!HANDED_OVER.contains(cell.point())) {
                assertThat(pause).as(cell + " on the way to " + to).isLessThan(LONGEST_PAUSE);
            }
            rig.assertOnlyWritable(to, Ledger.TABLE);
            ledger.assertCleanOn(to);
        }

        /** A silence of before that ends only now would count for what comes. */
        private void everybodyWrites() throws InterruptedException {
            Await.until("every writer has been writing for a second", PATIENCE, () -> {
                Instant now = Instant.now();
                return ledger.workload()
                                .measure(now.minus(STEADY), now)
                                .longestPause()
                                .compareTo(STEADY)
                        < 0;
            });
        }

        private Runnable happening(Mishap mishap) {
            return switch (mishap) {
                case DAEMON_KILLED -> throw new IllegalArgumentException("its life ends elsewhere");
                case BLUE_STOPPED -> restart(rig.blue);
                case GREEN_STOPPED -> restart(rig.green);
                case BLUE_CUT -> forAWhile(toBlue::cut, toBlue);
                case GREEN_CUT -> forAWhile(toGreen::cut, toGreen);
                case BLUE_SILENT -> forAWhile(toBlue::blackHole, toBlue);
                case GREEN_SILENT -> forAWhile(toGreen::blackHole, toGreen);
                case REPLIES_OF_BLUE_LOST -> forAWhile(toBlue::dropReplies, toBlue);
                case REPLIES_OF_GREEN_LOST -> forAWhile(toGreen::dropReplies, toGreen);
            };
        }

        private static Runnable restart(PostgresServer server) {
            return () -> {
                server.stopImmediately();
                server.start();
            };
        }

        /** Until the writers, whose network is another, have gone on; or, where they cannot, for a time. */
        private Runnable forAWhile(Runnable outage, TcpProxy proxy) {
            return () -> {
                outage.run();
                long enough = ledger.workload().acknowledged() + 30;
                Instant over = Instant.now().plus(OUTAGE);
                Thread.ofVirtual().name("mender").start(() -> mend(enough, over, proxy));
            };
        }

        private void mend(long enough, Instant over, TcpProxy proxy) {
            try {
                Await.until(
                        "the writers have gone on, or the outage is over",
                        PATIENCE,
                        () -> ledger.workload().acknowledged() > enough
                                || Instant.now().isAfter(over));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                proxy.pass();
            }
        }
    }

    /** A daemon that stood still for a minute wakes up in a world that has gone on. */
    @Tag("chaos")
    @Test
    void aDaemonFrozenAnywhereDoesNoHarmWhenItWakesUp(@TempDir Path directory) throws Exception {
        freezeAt(BOUNDARIES, FROZEN, directory);
    }

    @Test
    void aDaemonFrozenForLongerThanTheBudgetDoesNoHarmWhenItWakesUp(@TempDir Path directory) throws Exception {
        List<CrashPoint> points = new ArrayList<>(BOUNDARIES);
        LOG.info("seed {}", seed);
        Collections.shuffle(points, new Random(seed));
        freezeAt(points.subList(0, 1), Duration.ofSeconds(6), directory);
    }

    private static void freezeAt(List<CrashPoint> points, Duration howLong, Path directory) throws Exception {
        try (ServerPair own = ServerPair.start(15, 17);
                ExecutorService several = Executors.newFixedThreadPool(FROZEN_AT_ONCE)) {
            List<Callable<CrashPoint>> frozen = points.stream()
                    .<Callable<CrashPoint>>map(point -> () -> {
                        freeze(own, Files.createDirectory(directory.resolve(point.name())), point, howLong);
                        return point;
                    })
                    .toList();
            for (Future<CrashPoint> done : several.invokeAll(frozen)) {
                LOG.info("{} is done", done.get());
            }
        }
    }

    private static void freeze(ServerPair pair, Path directory, CrashPoint point, Duration howLong) throws Exception {
        Rig rig = new Rig(pair, directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(30));
                DaemonProcess daemon = new DaemonProcess(rig)) {
            Driver driver = new Driver(daemon, PATIENCE.plus(howLong.multipliedBy(2)));
            daemon.freezingAt(point).freezingAt(point);
            driver.reach(StateName.READY);
            try (OneWritableSide watch = OneWritableSide.watching(rig)) {
                frozen(daemon, ledger, point, howLong, driver::cutover);
                rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
                ledger.assertCleanOn(Side.GREEN);
                daemon.stop();
                driver.revive();
                frozen(daemon, ledger, point, howLong, driver::rollback);
                rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
                watch.assertKept();
            }
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }

    private static void frozen(DaemonProcess daemon, Ledger ledger, CrashPoint point, Duration howLong, Lead lead)
            throws Exception {
        FutureTask<Void> thaw = new FutureTask<>(() -> {
            thaw(daemon, ledger, point, howLong);
            return null;
        });
        Thread.ofVirtual().name("thaw").start(thaw);
        lead.run();
        thaw.get();
        assertThat(daemon.said()).as("the daemon's words").doesNotContain("BUG");
    }

    private static void thaw(DaemonProcess daemon, Ledger ledger, CrashPoint point, Duration howLong)
            throws InterruptedException {
        Instant from = Instant.now();
        try {
            Await.until("it stands still at " + point, PATIENCE, daemon::frozen);
            Instant frozen = Instant.now();
            Await.until(
                    "it stood still long enough", PATIENCE, () -> Instant.now().isAfter(frozen.plus(howLong)));
            if (!HANDED_OVER.contains(point)) {
                assertThat(ledger.workload().measure(from, Instant.now()).longestPause())
                        .as("frozen at " + point)
                        .isLessThan(LONGEST_PAUSE);
            }
        } finally {
            daemon.signal("CONT");
        }
    }
}
