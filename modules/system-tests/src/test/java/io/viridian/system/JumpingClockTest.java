package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock of the daemon's machine is set by an hour and more: safety rests on epochs and positions. */
class JumpingClockTest {
    private static final class JumpingClock implements Clock {
        private volatile Duration ahead = Duration.ZERO;

        void jump(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public Instant now() {
            return Clock.system().now().plus(ahead);
        }

        @Override
        public long nanoTime() {
            return Clock.system().nanoTime();
        }
    }

    @Test
    void aMigrationThereAndBackGoesOnAndLosesNothing(@TempDir Path directory) throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        JumpingClock clock = new JumpingClock();
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig, clock)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            clock.jump(Duration.ofHours(-2));
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            clock.jump(Duration.ofHours(3));
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            clock.jump(Duration.ofDays(-1));
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            assertThat(driver.restarts()).as("starts of the daemon by hand").isOne();
        }
    }
}
