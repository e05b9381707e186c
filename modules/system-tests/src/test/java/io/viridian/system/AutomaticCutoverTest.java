package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.control.MigrationEvent;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Armed, a migration cuts over by itself, under writers who keep a ledger; and what must keep it from that does. */
class AutomaticCutoverTest {
    /** Terms that hold at once. */
    private static final Map<String, String> NOW = Map.of("max_lag", "1s", "stable_for", "500ms", "attempts", "10");

    @TempDir
    Path directory;

    private Rig rig() throws Exception {
        return new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\n");
    }

    @Test
    void itSwitchesOnceTheLagIsLowAndAgainAfterARollback() throws Exception {
        Rig rig = rig();
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(driver.carryOut(Operation.Type.ARM, NOW).succeeded()).isTrue();
            driver.reach(StateName.SWITCHED);
            ledger.assertCleanOn(Side.GREEN);
            driver.rollback();
            ledger.assertCleanOn(Side.BLUE);
            assertThat(driver.carryOut(Operation.Type.ARM, NOW).succeeded()).isTrue();
            driver.reach(StateName.SWITCHED);
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            assertThat(daemon.control().operations(10))
                    .filteredOn(
                            one -> one.type() == Operation.Type.CUTOVER && one.status() == Operation.Status.SUCCEEDED)
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(one.by()).isEqualTo("tester"));
            driver.finish();
        }
    }

    @Test
    void theConfigurationCanArmItAsSoonAsGreenFollows() throws Exception {
        Rig rig = rig().configure("schema:\n  from: blue\ncutover:\n  mode: auto\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.SWITCHED);
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            driver.finish();
        }
    }

    @Test
    void itSaysWhatItWaitsForAndIsDisarmedByAPersonByRowsThatDifferAndByAnotherDaemon() throws Exception {
        Rig rig = rig();
        rig.execute(Side.BLUE, "create table note (id int primary key, text text); insert into note values (1, 'one')");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);

            armed(driver);
            Await.until(
                    "it says so",
                    Duration.ofSeconds(20),
                    () -> daemon.control().view().next().stream()
                            .anyMatch(line -> line.contains("Now it waits for window.open")));
            assertThat(driver.carryOut(Operation.Type.DISARM).succeeded()).isTrue();
            driver.reach(StateName.READY);

            armed(driver);
            daemon.stop();
            driver.reach(StateName.READY);
            assertThat(disarmings(daemon)).last().asString().contains("the daemon that was asked is gone");

            armed(driver);
            rig.execute(
                    Side.GREEN,
                    "alter table note disable trigger all; update note set text = 'two'; alter table note enable trigger all");
            driver.carryOut(Operation.Type.VERIFY);
            driver.reach(StateName.READY);
            assertThat(disarmings(daemon)).last().asString().contains("verify.clean");
            driver.abort();
        }
    }

    /** On terms that do not hold today. */
    private static void armed(Driver driver) throws InterruptedException {
        String tomorrow = Instant.now().plus(Duration.ofDays(1)).toString();
        assertThat(driver.carryOut(Operation.Type.ARM, Map.of("not_before", tomorrow))
                        .succeeded())
                .isTrue();
        driver.reach(StateName.ARMED);
    }

    private static List<MigrationEvent> disarmings(DaemonHere daemon) {
        return daemon.control().events(0, 1000).stream()
                .filter(event -> event.toString().contains("cutover.disarmed"))
                .toList();
    }
}
