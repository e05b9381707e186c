package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.migration.Consent;
import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people put their names to, between real servers: gates that are overridden, cutovers that others approve. */
class OverridingTest {
    private static final Map<String, String> WINDOW = Map.of("gate", "window.open");

    @TempDir
    Path directory;

    private Rig rig(String cutover) throws Exception {
        Rig rig =
                new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\ncutover:\n" + cutover);
        rig.execute(Side.BLUE, "create table note (id int primary key, text text); insert into note values (1, 'one')");
        return rig;
    }

    private static Gate gate(DaemonHere daemon, String id) throws InterruptedException {
        Await.until(
                "gate " + id + " was read",
                Duration.ofSeconds(20),
                () -> daemon.control().gates().stream().anyMatch(one -> one.id().equals(id)));
        return daemon.control().gates().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitOverridden(DaemonHere daemon, boolean wanted) throws InterruptedException {
        Await.until(
                "window.open is shown as overridden: " + wanted,
                Duration.ofSeconds(20),
                () -> gate(daemon, "window.open").overridden().isPresent() == wanted);
    }

    /** Others may be in the way for a moment. */
    private static void awaitRefusal(Driver driver, String gate) throws InterruptedException {
        Await.until(
                "the cutover is refused by " + gate,
                Duration.ofSeconds(30),
                () -> driver.carryOut(Operation.Type.CUTOVER)
                        .result()
                        .getOrDefault("object", "")
                        .equals(gate));
    }

    @Test
    void anOverriddenGateLetsTheCutoverPassSurvivesTheDaemonAndStaysInTheReport() throws Exception {
        Rig rig = rig("  window: { not-after: 2020-01-01T00:00:00Z }\n");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            awaitRefusal(driver, "window.open");

            assertThatThrownBy(() -> daemon.submit(Operation.Type.OVERRIDE, Map.of("gate", "verify.clean")))
                    .hasMessageContaining("can never be overridden");
            assertThatThrownBy(() -> daemon.submit(Operation.Type.OVERRIDE, Map.of("gate", "windows.open")))
                    .hasMessageContaining("the nearest is window.open");
            assertThat(driver.carryOut(Operation.Type.OVERRIDE, WINDOW).succeeded())
                    .isTrue();
            awaitOverridden(daemon, true);
            assertThat(driver.carryOut(Operation.Type.OVERRIDE, Map.of("gate", "window.open", "withdraw", "true"))
                            .succeeded())
                    .isTrue();
            awaitOverridden(daemon, false);
            awaitRefusal(driver, "window.open");

            assertThat(driver.carryOut(Operation.Type.OVERRIDE, WINDOW).succeeded())
                    .isTrue();
            daemon.stop();
            driver.reach(StateName.READY);
            awaitOverridden(daemon, true);
            assertThat(gate(daemon, "window.open").passing()).isFalse();

            driver.cutover();
            assertThat(daemon.control().events(0, 1000))
                    .filteredOn(event -> event.type().equals("gate.passed-by-override"))
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(event.text()).contains("window.open", "tester", "test"));
            driver.rollback();
            // What was said was said for the switch before.
            awaitRefusal(driver, "window.open");
            assertThat(driver.carryOut(Operation.Type.OVERRIDE, WINDOW).succeeded())
                    .isTrue();
            driver.cutover();
            driver.finish();
            assertThat(daemon.control().report().view().consents())
                    .extracting(Consent::event)
                    .containsExactly(
                            "gate.overridden", "gate.override-withdrawn", "gate.overridden", "gate.overridden");
            assertThat(directory.resolve("state").resolve(rig.migration).resolve("ended.txt"))
                    .content()
                    .contains("gate.override-withdrawn", "gate.passed-by-override");
        }
    }

    @Test
    void itDoesNotWeakenWhatTheSwitchItselfDemands() throws Exception {
        Rig rig = rig("  longest-writer: 10ms\n");
        try (DaemonHere daemon = new DaemonHere(rig);
                Connection writer = rig.connect(Side.BLUE);
                Statement statement = writer.createStatement()) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            writer.setAutoCommit(false);
            statement.execute("update note set text = 'two'");
            assertThat(driver.carryOut(Operation.Type.OVERRIDE, Map.of("gate", "tx.longest"))
                            .succeeded())
                    .isTrue();

            Panel.Asked undone = driver.carryOut(Operation.Type.CUTOVER);

            assertThat(undone.status()).isEqualTo(Operation.Status.UNDONE);
            assertThat(undone.result()).containsEntry("code", "LOCK_TIMEOUT");
            writer.commit();
            driver.cutover();
            assertThat(rig.ask(Side.GREEN, "select text from note")).isEqualTo("two");
            driver.finish();
        }
    }

    @Test
    void aCutoverNeedsTheApprovalOfAnother() throws Exception {
        Rig rig = rig("  approvals: 1\n");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(driver.carryOut(Operation.Type.APPROVE).succeeded()).isTrue();
            // One's own does not count.
            awaitRefusal(driver, "approval");

            assertThat(driver.carryOut(Operation.Type.ARM, Map.of("stable_for", "0ms"))
                            .succeeded())
                    .isTrue();
            driver.reach(StateName.ARMED);
            Await.until(
                    "it waits for another",
                    Duration.ofSeconds(20),
                    () -> daemon.control().view().next().stream()
                            .anyMatch(line -> line.contains("Now it waits for approval (nobody")));
            daemon.control()
                    .submit(new MigrationControl.Request(
                            Operation.Type.APPROVE, Map.of(), "I have looked", "somebody else", ""));
            driver.reach(StateName.SWITCHED);
            assertThat(daemon.control().events(0, 1000))
                    .extracting(MigrationEvent::type)
                    .contains("approval.given");
            driver.finish();
        }
    }
}
