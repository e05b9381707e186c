package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cutover.fence: sessions}: whoever allows no triggers on blue, and takes the weaker promise. */
class SessionsFenceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String OUR_TRIGGERS =
            "select count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal "
                    + "and t.tgfoid::regproc::text like 'viridian%' and c.relnamespace <> 'viridian'::regnamespace";

    private static final String SETTING = """
            select count(*) from pg_db_role_setting
            where setdatabase = (select oid from pg_database where datname = current_database())
            """;

    @TempDir
    Path directory;

    private Rig rig(ServerPair pair, String schema) throws SQLException {
        return new Rig(pair, directory).configure("schema:\n  from: " + schema + "\ncutover:\n  fence: sessions\n");
    }

    /** The daemon dies at every boundary of each switch, or not at all. */
    @ParameterizedTest
    @CsvSource({"14, 18, false", "15, 17, true"})
    void nothingIsLostThereAndBackAndThere(int blue, int green, boolean dies) throws Exception {
        Rig rig = rig(ServerPair.shared(blue, green), "blue");
        Mortality mortality = dies ? new Mortality(switchPoints()) : Mortality.IMMORTAL;
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig, mortality)) {
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(rig.ask(Side.BLUE, OUR_TRIGGERS)).isEqualTo("0");
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            ledger.assertCleanOn(Side.GREEN);
            mortality.alsoAt(dies ? switchPoints() : Set.of());
            driver.rollback();
            assertThat(rig.ask(Side.BLUE, SETTING)).isEqualTo("0");
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            ledger.assertCleanOn(Side.BLUE);
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            assertThat(rig.ask(Side.BLUE, OUR_TRIGGERS)).isEqualTo("0");
            driver.finish();
            daemon.stop();
            assertThat(mortality.notPassed()).as("points that nothing passed").isEmpty();
            rig.assertNothingLeft(before);
            assertThat(rig.ask(Side.BLUE, SETTING)).isEqualTo("0");
        }
    }

    private static Set<CrashPoint> switchPoints() {
        Set<CrashPoint> points = EnumSet.noneOf(CrashPoint.class);
        for (CrashPoint point : CrashPoint.values()) {
            if (point.name().startsWith("SWITCH_")) {
                points.add(point);
            }
        }
        return points;
    }

    private Rig withNote() throws SQLException {
        Rig rig = rig(ServerPair.shared(15, 17), "none");
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        rig.execute(Side.BLUE, "insert into note values (1, 'a')");
        rig.execute(Side.GREEN, "create table note (id int primary key, text text)");
        return rig;
    }

    /** The one moment in which nobody holds the locks and nobody has ended the sessions of before. */
    @Test
    void whatASessionOfBeforeWritesAfterADeathBehindTheCommitPointIsOnGreenWhenGreenOpens() throws Exception {
        Rig rig = withNote();
        Mortality mortality = new Mortality(EnumSet.of(CrashPoint.SWITCH_AFTER_COMMIT_POINT));
        try (DaemonHere daemon = new DaemonHere(rig, mortality);
                Connection old = rig.connect(Side.BLUE);
                Statement writer = old.createStatement()) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            daemon.submit(Operation.Type.CUTOVER, java.util.Map.of());
            Await.until("the daemon is dead", PATIENCE, () -> !daemon.alive());
            writer.execute("insert into note values (2, 'late')");
            driver.reach(StateName.SWITCHED);
            assertThat(rig.ask(Side.GREEN, "select text from note where id = 2"))
                    .isEqualTo("late");
            assertThatThrownBy(() -> writer.execute("insert into note values (3, 'too late')"))
                    .as("the session of before")
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            ended -> assertThat(ended.getSQLState()).isIn("57P01", "08006", "08003"));
            rig.assertOnlyWritable(Side.GREEN, "note");
            driver.rollback();
            assertThat(rig.ask(Side.BLUE, "select count(*) from note")).isEqualTo("2");
            driver.abort();
        }
    }

    @Test
    void whoSaysOtherwiseForHimselfWritesAndIsToldAndKeepsARollbackFromHappening() throws Exception {
        Rig rig = withNote();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(daemon.control().view().flags().toString()).contains("fence(sessions");
            assertThat(daemon.control().plan("cutover").toString())
                    .contains("sets transaction_read_only off for itself")
                    .contains("pg_terminate_backend");
            assertThat(daemon.control().plan("rollback").toString()).contains("close the guard");
            driver.cutover();
            rig.execute(Side.BLUE, "begin read write; insert into note values (7, 'foreign'); commit");
            Await.until(
                    "blue is looked at",
                    PATIENCE,
                    () -> daemon.control()
                            .view()
                            .closed()
                            .filter(closed -> closed.side().equals("blue"))
                            .isPresent());
            assertThat(daemon.control().view().closed().orElseThrow().refused())
                    .as("nothing can count them")
                    .isEmpty();
            Await.until(
                    "the stranger is told of",
                    PATIENCE,
                    () -> daemon.control().events(0, 1000).stream()
                            .anyMatch(event -> event.type().equals("closed.written")));
            assertThat(driver.carryOut(Operation.Type.ROLLBACK).result())
                    .containsEntry("code", "GATE_REFUSED")
                    .containsEntry("object", "green.no-foreign-writes");
            driver.finish();
        }
    }

    @Test
    void whoStaysOnBlueIsCountedAndNamed() throws Exception {
        Rig rig = withNote().configure("schema:\n  from: none\n");
        try (DaemonHere daemon = new DaemonHere(rig);
                Connection straggler = rig.connect(Side.BLUE);
                Statement writer = straggler.createStatement()) {
            writer.execute("set application_name = 'nightly job'");
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            Await.until("refusals are told of", PATIENCE, () -> {
                try {
                    writer.execute("insert into note values (8, 'again')");
                } catch (SQLException refused) {
                    assertThat(refused.getSQLState()).isEqualTo("25006");
                }
                return daemon.control().events(0, 1000).stream()
                        .anyMatch(event -> event.type().equals("closed.refused")
                                && event.text().contains("nightly job"));
            });
            assertThat(daemon.control().view().closed()).hasValueSatisfying(closed -> {
                assertThat(closed.side()).isEqualTo("blue");
                assertThat(closed.refused().orElseThrow()).isPositive();
                assertThat(closed.clients().toString()).contains("nightly job");
            });
            assertThat(daemon.daemon().refused(Side.BLUE).orElseThrow()).isPositive();
            assertThat(daemon.control().events(0, 1000).stream()
                            .filter(event -> event.type().equals("closed.connected"))
                            .map(event -> event.text())
                            .collect(Collectors.joining()))
                    .contains("nightly job");
            driver.finish();
        }
    }
}
