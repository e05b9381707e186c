package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that foreign keys tie together are written on both sides for a while. */
class TiedCanaryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Rig rig(String engine) throws SQLException {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory)
                .configure("schema:\n  from: blue\ncapture:\n  engine: " + engine + "\n");
        rig.execute(Side.BLUE, BothWriters.SCHEMA);
        return rig;
    }

    private static void awaitAnswer(Rig rig, String sql, String wanted) throws InterruptedException {
        Await.until("both sides answer " + wanted + " to " + sql, PATIENCE, () -> {
            try {
                return rig.ask(Side.BLUE, sql).equals(wanted)
                        && rig.ask(Side.GREEN, sql).equals(wanted);
            } catch (SQLException away) {
                return false;
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgoutput", "debezium"})
    void whatOneSideRemovedAndTheOtherRefersToGoesOneWayThereAndBack(String engine) throws Exception {
        Rig rig = rig(engine);
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, CanaryAsked.start("green-wins"));
            daemon.stop();
            rig.execute(Side.BLUE, "delete from note where id = 1; update note set text = 'blue' where id = 2");
            rig.execute(Side.GREEN, "insert into remark (note, text) values (1, 'green'), (3, 'green')");
            daemon.start();
            awaitAnswer(rig, "select count(*) from remark where text = 'green'", "2");
            awaitAnswer(rig, "select count(*) from note where id = 1 or text = 'blue'", "2");
            assertThat(daemon.control().conflicts(10))
                    .allSatisfy(kept -> {
                        assertThat(kept.kind()).isEqualTo("orphan");
                        assertThat(kept.outcome()).isEqualTo("green-wins");
                    })
                    .extracting(kept -> kept.table())
                    .containsExactlyInAnyOrder("public.note", "public.remark");
            try (BothWriters writers = BothWriters.on(rig)) {
                Await.until("both have written", PATIENCE, () -> writers.written() > 300);
            }
            CanaryAsked.succeeds(driver, CanaryAsked.STOP);
            driver.reach(StateName.READY);
            awaitAnswer(rig, BothWriters.TORN, "0");
            assertThat(driver.carryOut(Operation.Type.VERIFY).result()).containsEntry("clean", "true");
            driver.cutover();
            driver.rollback();
            driver.cutover();
            driver.finish();
            daemon.stop();
            rig.assertNothingLeft(before);
        }
    }

    @Test
    void aConflictThatNobodyDecidesNamesTheForeignKeyAndBothRows() throws Exception {
        Rig rig = rig("pgoutput");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, CanaryAsked.start("halt"));
            daemon.stop();
            rig.execute(Side.BLUE, "delete from note where id = 1");
            rig.execute(Side.GREEN, "insert into remark (note, text) values (1, 'green')");
            daemon.start();
            Await.until("it halts", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("CANARY_CONFLICT", "orphan", "remark_note_fkey", "\"green\"", "\"n1\"");
            rig.assertOnlyWritable(Side.BLUE, "note");
            CanaryAsked.succeeds(driver, CanaryAsked.stop("blue-wins"));
            driver.reach(StateName.READY);
            awaitAnswer(rig, "select count(*) from note where id = 1", "0");
            awaitAnswer(rig, "select count(*) from remark where text = 'green'", "0");
            driver.abort();
        }
    }

    @Test
    void aRowThatRefersToNothingIsNamedBeforeAndAfter() throws Exception {
        Rig rig = rig("pgoutput");
        String torn = "insert into remark values (100, 999, 'torn')";
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "set session_replication_role = replica; " + torn);
            awaitAnswer(rig, BothWriters.TORN, "1");
            Panel.Asked refused = driver.carryOut(Operation.Type.CANARY, CanaryAsked.start("halt"));
            assertThat(refused.result()).containsEntry("code", "CANARY_REFUSED");
            assertThat(refused.result().get("detail"))
                    .contains("row [100] of public.remark refers (remark_note_fkey) to row [999] of public.note");
            rig.execute(Side.BLUE, "delete from remark where id = 100");
            awaitAnswer(rig, BothWriters.TORN, "0");

            CanaryAsked.succeeds(driver, CanaryAsked.start("halt"));
            // As if a lane had written it, on both sides: nobody leads it, and no lane looks at it.
            String asALane = "set session_replication_role = replica;"
                    + " select pg_replication_origin_session_setup('viridian_%s_settling'); ".formatted(rig.migration);
            rig.execute(Side.BLUE, asALane + torn);
            rig.execute(Side.GREEN, asALane + torn);
            daemon.submit(Operation.Type.CANARY, CanaryAsked.STOP);
            Await.until("it halts", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("CANARY_BROKEN", "row [100] of public.remark", "remark_note_fkey");
            rig.assertOnlyWritable(Side.BLUE, "note");
            rig.execute(Side.BLUE, "delete from remark where id = 100");
            daemon.submit(Operation.Type.RESUME, Map.of());
            Await.until("it is ready", PATIENCE, () -> daemon.state() == StateName.READY);
            awaitAnswer(rig, BothWriters.TORN, "0");
            driver.abort();
        }
    }
}
