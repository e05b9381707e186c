package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon dies at every boundary of every step, in cutover and in rollback, and is started again. The list of
 * boundaries is the code's: a point that no run passes fails the test.
 */
class CrashAtEveryBoundaryTest {
    @TempDir
    Path directory;

    private static Set<CrashPoint> beginning(String prefix) {
        Set<CrashPoint> points = EnumSet.noneOf(CrashPoint.class);
        for (CrashPoint point : CrashPoint.values()) {
            if (point.name().startsWith(prefix)) {
                points.add(point);
            }
        }
        return points;
    }

    @Test
    void theEndIsTheSameWhereverTheDaemonDied() throws Exception {
        Mortality mortality = new Mortality(EnumSet.allOf(CrashPoint.class));
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(200));
                DaemonHere daemon = new DaemonHere(rig, mortality)) {
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            mortality.alsoAt(beginning("SWITCH_"));
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            driver.finish();
            daemon.stop();
            assertThat(mortality.notPassed()).as("points that nothing passed").isEmpty();
            assertThat(mortality.died()).hasSizeGreaterThan(CrashPoint.values().length);
            rig.assertNothingLeft(before);
        }
    }
}
