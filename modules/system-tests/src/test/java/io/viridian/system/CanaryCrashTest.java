package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon dies at every boundary of a time with two writable sides, while both are written: afterwards either both
 * are led to each other, or green is closed and both have the same.
 */
class CanaryCrashTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Map<String, String> START =
            Map.of("action", "start", "for", "30m", "conflicts", "newest-wins");
    private static final Map<String, String> STOP = Map.of("action", "stop");

    @TempDir
    Path directory;

    private static Set<CrashPoint> ofACanary() {
        Set<CrashPoint> points = EnumSet.noneOf(CrashPoint.class);
        for (CrashPoint point : CrashPoint.values()) {
            if (point.name().startsWith("CANARY_") || point.name().startsWith("STREAM_")) {
                points.add(point);
            }
        }
        return points;
    }

    @Test
    void theEndIsTheSameWhereverTheDaemonDied() throws Exception {
        Mortality mortality = new Mortality(Set.of());
        Rig rig = new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, BothWriters.SCHEMA);
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig, mortality)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            mortality.alsoAt(ofACanary());
            try (BothWriters writers = BothWriters.on(rig)) {
                lead(driver, daemon, START, StateName.CANARY);
                Await.until("conflicts were settled", PATIENCE, () -> {
                    driver.revive();
                    return mortality.notPassed().stream()
                            .noneMatch(point ->
                                    point == CrashPoint.CANARY_SETTLED || point == CrashPoint.CANARY_BEFORE_SETTLING);
                });
                lead(driver, daemon, STOP, StateName.READY);
                assertThat(writers.written()).isPositive();
            }
            assertThat(mortality.notPassed()).as("points that nothing passed").isEmpty();
            rig.assertOnlyWritable(Side.BLUE, "note");
            assertThat(rig.ask(Side.GREEN, BothWriters.TORN)).isEqualTo("0");
            Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
            assertThat(verified.result()).containsEntry("clean", "true");
            rig.execute(Side.BLUE, "insert into note (text) values ('new')");
            driver.cutover();
            rig.execute(Side.GREEN, "insert into note (text) values ('new')");
            driver.finish();
            daemon.stop();
            rig.assertNothingLeft(before);
        }
    }

    /** Asks again whenever it is not there yet and nothing is under way. */
    private static void lead(Driver driver, DaemonHere daemon, Map<String, String> parameters, StateName wanted)
            throws InterruptedException {
        StateName from = wanted == StateName.CANARY ? StateName.READY : StateName.CANARY;
        Await.until("canary " + parameters + " leads to " + wanted, PATIENCE, () -> {
            driver.revive();
            StateName now = daemon.state();
            assertThat(now).as(daemon.fault()).isNotEqualTo(StateName.HALTED);
            if (now == from) {
                try {
                    daemon.submit(Operation.Type.CANARY, parameters);
                } catch (FaultException notNow) {
                    return false;
                }
            }
            return now == wanted;
        });
    }
}
