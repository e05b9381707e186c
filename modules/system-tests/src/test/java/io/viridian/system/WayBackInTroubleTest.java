package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

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

/** After the cutover the way back cannot go on, or not as fast as green is written: green goes on, nothing is lost. */
class WayBackInTroubleTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String IDS = "select string_agg(id::text, ' ' order by id) from note";

    @TempDir
    Path directory;

    private Rig rig() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: none\n");
        rig.execute(
                Side.BLUE, "create table note (id int primary key, text text, constraint short check (text < 'm'))");
        rig.execute(Side.BLUE, "insert into note values (1, 'a'), (2, 'b')");
        rig.execute(Side.GREEN, "create table note (id int primary key, text text)");
        return rig;
    }

    private static void awaitOnBlue(Rig rig, String ids) throws InterruptedException {
        Await.until("blue holds " + ids, PATIENCE, () -> rig.ask(Side.BLUE, IDS).equals(ids));
    }

    /**
     * Green holds what blue cannot: the way back says so at once, stands before it, and goes on when that is mended.
     */
    @Test
    void aRowThatBlueRefusesClosesTheWayBackUntilItIsMended() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            rig.execute(Side.GREEN, "insert into note values (3, 'c')");
            rig.execute(Side.GREEN, "insert into note values (4, 'z')");
            rig.execute(Side.GREEN, "insert into note values (5, 'e')");
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=ROW_REFUSED", "public.note", "short", "23514");
            assertThat(daemon.control().view().rollback())
                    .startsWith("impossible(")
                    .contains("row [4] of public.note");
            assertThat(rig.ask(Side.BLUE, IDS)).isEqualTo("1 2 3");
            rig.execute(Side.GREEN, "insert into note values (6, 'green goes on')");
            rig.execute(Side.BLUE, "alter table note drop constraint short");
            daemon.submit(Operation.Type.RESUME, Map.of());
            Await.until("it goes on", PATIENCE, () -> daemon.state() == StateName.SWITCHED);
            awaitOnBlue(rig, "1 2 3 4 5 6");
            assertThat(driver.carryOut(Operation.Type.VERIFY).result()).containsEntry("clean", "true");
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, "note");
            driver.abort();
        }
    }

    @Test
    void aRollbackIsRefusedWhileTheWayBackLags() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig);
                Connection holding = rig.connect(Side.BLUE);
                Statement holder = holding.createStatement()) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            holding.setAutoCommit(false);
            holder.execute("lock table note in access exclusive mode");
            rig.execute(Side.GREEN, "insert into note values (3, 'c')");
            Await.until(
                    "the way back lags",
                    PATIENCE,
                    () -> daemon.control().gates().stream()
                            .anyMatch(gate -> gate.id().equals("lag.seconds") && !gate.passing()));
            Panel.Asked refused = driver.carryOut(Operation.Type.ROLLBACK);
            assertThat(refused.result()).as(refused.toString()).containsEntry("code", "GATE_REFUSED");
            assertThat(daemon.state()).isEqualTo(StateName.SWITCHED);
            rig.execute(Side.GREEN, "insert into note values (4, 'd')");
            holding.rollback();
            driver.rollback();
            assertThat(rig.ask(Side.BLUE, IDS)).isEqualTo("1 2 3 4");
            driver.abort();
        }
    }
}
