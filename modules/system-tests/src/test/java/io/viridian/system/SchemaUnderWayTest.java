package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blue's schema changes under a running migration: green stays as of before, blue's applications notice nothing. */
class SchemaUnderWayTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Rig rig() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table note (id int primary key); insert into note values (1)");
        return rig;
    }

    @Test
    void aChangedTableHaltsBeforeTheChangeAndAnAbortLeavesBlueAsItIs() throws Exception {
        Rig rig = rig();
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "insert into note values (2)");
            rig.execute(
                    Side.BLUE,
                    "begin; alter table note add column text text; insert into note values (3, 'x'); commit");
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=SCHEMA_CHANGED", "ALTER TABLE", "the stream stops before it");
            assertThat(rig.ask(Side.GREEN, "select string_agg(id::text, ' ' order by id) from note"))
                    .isEqualTo("1 2");
            rig.execute(Side.BLUE, "insert into note values (4, 'y')");
            daemon.submit(Operation.Type.ABORT, Map.of());
            Await.until("it is aborted", PATIENCE, () -> daemon.state() == StateName.ABORTED);
            assertThat(rig.ask(Side.BLUE, "select count(text) from note")).isEqualTo("2");
        }
        rig.assertNothingLeft(before);
    }

    @Test
    void aColumnThatGreenHasNoMoreStopsTheStreamBeforeItsRowUntilItIsMended() throws Exception {
        Rig rig = rig();
        rig.execute(Side.BLUE, "alter table note add column text text");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.GREEN, "alter table note drop column text");
            rig.execute(Side.BLUE, "insert into note values (2, 'x')");
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=GREEN_FAILED", "text", "42703");
            assertThat(rig.ask(Side.GREEN, "select count(*) from note")).isEqualTo("1");
            rig.execute(Side.GREEN, "alter table note add column text text");
            daemon.submit(Operation.Type.RESUME, Map.of());
            Await.until(
                    "green goes on",
                    PATIENCE,
                    () -> rig.ask(Side.GREEN, "select count(text) from note").equals("1"));
        }
    }

    private static Gate quiet(DaemonHere daemon) {
        return daemon.control().gates().stream()
                .filter(gate -> gate.id().equals("schema.quiet"))
                .findFirst()
                .orElseThrow();
    }

    /** What does not outlast a crash is nobody's loss; what somebody leaves out is accepted. */
    @Test
    void aNewTableClosesTheGateAtOnceUntilItIsLeftOut() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            Await.until("the gate is open", PATIENCE, () -> quiet(daemon).passing());
            rig.execute(Side.BLUE, "create table later (id int primary key); create unlogged table quick (id int)");
            Await.until("the gate is closed", PATIENCE, () -> !quiet(daemon).passing());
            assertThat(quiet(daemon).value()).startsWith("public.later came to blue after the plan was made");
            assertThat(daemon.control().events(0, 1000))
                    .anyMatch(event -> event.type().equals("schema.new-tables")
                            && event.text().contains("public.later"));
            assertThat(driver.carryOut(Operation.Type.CUTOVER).result())
                    .containsEntry("code", "GATE_REFUSED")
                    .containsEntry("object", "schema.quiet");
            daemon.stop();
            rig.configure("schema:\n  from: blue\ntables: { exclude: [\"public.later\"] }\n");
            daemon.start();
            driver.reach(StateName.READY);
            Await.until("the gate is open", PATIENCE, () -> quiet(daemon).passing());
            driver.cutover();
            driver.finish();
        }
    }

    @Test
    void aNewTableIsNoPartOfThePlanAndIsToldAtTheNextStart() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "create table later (id int primary key); insert into note values (2)");
            Await.until(
                    "green goes on",
                    PATIENCE,
                    () -> rig.ask(Side.GREEN, "select count(*) from note").equals("2"));
            daemon.stop();
            daemon.start();
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=PLAN_", "later");
        }
    }

    /** The server would leave its rows out of the stream without a word. */
    @Test
    void aTableThatIsPublishedNoMoreHaltsForGood() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "alter publication viridian_" + rig.migration + "_forward drop table note");
            rig.execute(Side.BLUE, "insert into note values (2)");
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=PUBLICATION_CHANGED");
            daemon.submit(Operation.Type.ABORT, Map.of());
            Await.until("it is aborted", PATIENCE, () -> daemon.state() == StateName.ABORTED);
            assertThat(rig.ask(Side.BLUE, "select count(*) from note")).isEqualTo("2");
        }
    }
}
