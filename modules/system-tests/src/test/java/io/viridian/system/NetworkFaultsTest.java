package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.net.TcpProxy;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network between the daemon and the servers fails; that between the writers and the servers does not. */
class NetworkFaultsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * The budget, what the server adds before it ends a session that the daemon cannot reach any more, and what clients
     * of a machine under load wait for one another.
     */
    private static final Duration LONGEST_PAUSE =
            Duration.ofSeconds(3).plus(Duration.ofSeconds(2)).plus(Duration.ofMillis(2500));

    @TempDir
    Path directory;

    /** While the network is gone, the writers go on; when it is back, so does the daemon. */
    private static final class Trouble {
        private final Ledger ledger;
        private final TcpProxy[] both;

        Trouble(Ledger ledger, TcpProxy... both) {
            this.ledger = ledger;
            this.both = both;
        }

        Runnable then(Consumer<TcpProxy> mishap, int which) {
            return () -> {
                mishap.accept(both[which]);
                long enough = ledger.workload().acknowledged() + 30;
                Thread.ofVirtual().name("mender").start(() -> mend(enough));
            };
        }

        private void mend(long enough) {
            try {
                Await.until(
                        "the writers have gone on",
                        PATIENCE,
                        () -> ledger.workload().acknowledged() > enough);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                for (TcpProxy proxy : both) {
                    proxy.pass();
                }
            }
        }
    }

    @Test
    void aPartitionIsNoMoreThanADelay() throws Exception {
        partition("pgoutput");
    }

    @Tag("chaos")
    @Test
    void aPartitionIsNoMoreThanADelayForTheOtherEngine() throws Exception {
        partition("debezium");
    }

    private void partition(String engine) throws Exception {
        ServerPair pair = ServerPair.shared(15, 17);
        try (TcpProxy toBlue = TcpProxy.to(pair.blue());
                TcpProxy toGreen = TcpProxy.to(pair.green())) {
            Rig rig = new Rig(pair, directory).configure("schema:\n  from: blue\ncapture:\n  engine: " + engine + "\n");
            rig.urls(toBlue.url(rig.blueDatabase), toGreen.url(rig.greenDatabase));
            Mishaps mishaps = new Mishaps();
            try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                    DaemonHere daemon = new DaemonHere(rig)) {
                Trouble trouble = new Trouble(ledger, toBlue, toGreen);
                mishaps.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, trouble.then(TcpProxy::cut, 0))
                        .at(CrashPoint.BACKFILL_MARKER_EMITTED, trouble.then(TcpProxy::halfOpen, 1));
                daemon.start(mishaps);
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                assertThat(mishaps.ahead()).isEmpty();
                switchUnderTrouble(mishaps, trouble, driver, ledger);
                rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
                ledger.assertCleanAtTheEndOn(Side.GREEN);
                assertThat(driver.restarts()).as("starts of the daemon by hand").isZero();
            }
        }
    }

    /** Nothing but the answer is lost at the commit point: whoever asks again finds out how it went. */
    private static void switchUnderTrouble(Mishaps mishaps, Trouble trouble, Driver driver, Ledger ledger)
            throws InterruptedException {
        Instant from = Instant.now();
        mishaps.at(CrashPoint.SWITCH_FENCE_LOCKED, trouble.then(TcpProxy::cut, 1))
                .at(CrashPoint.SWITCH_MARKER_EMITTED, trouble.then(TcpProxy::blackHole, 0))
                .at(CrashPoint.SWITCH_BEFORE_COMMIT_POINT, trouble.then(TcpProxy::dropReplies, 0));
        driver.cutover();
        assertThat(mishaps.ahead()).isEmpty();
        assertThat(ledger.workload().measure(from, Instant.now()).longestPause())
                .as("the writers' longest pause")
                .isLessThan(LONGEST_PAUSE);
    }
}
