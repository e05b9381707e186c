package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerReport;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.ledger.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
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
        ServerPair pair = ServerPair.shared(15, 17);
        try (Rig rig = new Rig(pair, directory, "schema:\n  from: blue\ncutover:\n  traffic:\n    - clients: {}\n")) {
            LedgerConfig config = LedgerConfig.of(
                            directory.resolve("ledger"),
                            Side.of("blue", rig.blue, rig.blueDatabase),
                            Side.of("green", rig.green, rig.greenDatabase))
                    .withOperationsPerSecond(200);
            try (Connection blue = rig.blue.connect(rig.blueDatabase)) {
                LedgerWorkload.install(blue, config);
            }
            List<ServerSnapshot> before = rig.snapshots();
            try (LedgerWorkload workload = LedgerWorkload.start(config)) {
                rig.failpoints = mortality;
                Driver driver = new Driver(rig, mortality);
                driver.reach(StateName.READY);
                driver.switchTo(Operation.Type.CUTOVER, StateName.SWITCHED);
                mortality.alsoAt(beginning("SWITCH_"));
                driver.switchTo(Operation.Type.ROLLBACK, StateName.ROLLED_BACK);
                driver.switchTo(Operation.Type.CUTOVER, StateName.SWITCHED);
                workload.stop();
                try (Connection green = rig.green.connect(rig.greenDatabase)) {
                    LedgerReport report = workload.check().check(green);
                    assertThat(report.clean()).as(report.toString()).isTrue();
                    assertThat(report.acknowledged()).isPositive();
                }
                driver.switchTo(Operation.Type.FINALIZE, StateName.FINALIZED);
            }
            rig.stop();
            assertThat(mortality.notPassed()).as("points that nothing passed").isEmpty();
            assertThat(mortality.died()).hasSizeGreaterThan(CrashPoint.values().length);
            rig.assertNothingLeft(before, Duration.ofSeconds(20));
        }
    }
}
