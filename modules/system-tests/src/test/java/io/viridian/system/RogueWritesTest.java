package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A superuser goes around the guard of the side that does not own the writes. */
class RogueWritesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Rig rig() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: none\n");
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        rig.execute(Side.BLUE, "insert into note values (1, 'a'), (2, 'b')");
        rig.execute(Side.GREEN, "create table note (id int primary key, text text)");
        return rig;
    }

    private static void aroundTheGuard(Rig rig, Side side, String write) throws Exception {
        rig.execute(side, """
                begin;
                alter table note disable trigger "!viridian_guard";
                %s;
                alter table note enable always trigger "!viridian_guard";
                commit
                """.formatted(write));
    }

    private static Panel.Asked verified(Driver driver) throws InterruptedException {
        Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
        assertThat(verified.succeeded()).as(verified.result().toString()).isTrue();
        return verified;
    }

    /** Refused by the gate that saw the stranger, and after a restart by what he left. */
    private static void assertKeepsFromSwitchingTo(Side other, Operation.Type type, Rig rig, DaemonHere daemon)
            throws Exception {
        Driver driver = new Driver(daemon);
        StateName before = daemon.state();
        aroundTheGuard(rig, other, "insert into note values (7, 'foreign')");
        Await.until(
                "the stranger is seen",
                PATIENCE,
                () -> daemon.control().gates().stream()
                        .anyMatch(gate -> gate.id().equals("green.no-foreign-writes")
                                && gate.value().equals("1 foreign transactions")));
        assertThat(driver.carryOut(type).result())
                .containsEntry("code", "GATE_REFUSED")
                .containsEntry("object", "green.no-foreign-writes");
        assertThat(verified(driver).result())
                .containsEntry("clean", "false")
                .containsEntry("differing", "1")
                .containsEntry("object", "public.note");
        daemon.stop();
        driver.reach(before);
        assertThat(driver.carryOut(type).result())
                .as("by another daemon, which has not seen the stranger")
                .containsEntry("code", "GATE_REFUSED");
        assertThat(daemon.state()).isEqualTo(before);
    }

    @Test
    void onGreenBeforeTheCutoverKeepItFromHappening() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertKeepsFromSwitchingTo(Side.GREEN, Operation.Type.CUTOVER, rig, daemon);
            rig.assertOnlyWritable(Side.BLUE, "note");
            driver.abort();
        }
    }

    @Test
    void onBlueAfterTheCutoverKeepARollbackFromHappening() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            assertKeepsFromSwitchingTo(Side.BLUE, Operation.Type.ROLLBACK, rig, daemon);
            rig.assertOnlyWritable(Side.GREEN, "note");
            driver.finish();
        }
    }
}
