package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.ledger.LedgerConfig.Volume;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon dies at every boundary of every step, in cutover and in rollback, and is started again. The list of
 * boundaries is the code's: a point that no run passes fails the test.
 */
class CrashAtEveryBoundaryTest {
    private static final String EMPTY = """
            truncate bank.accounts, bank.counters, bank.slots, bank.visits, bank.documents, bank.badges, bank.entries
            """;

    private static final String ROWS = """
            select sum((xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || oid::regclass, true, true,
                '')))[1]::text::bigint)::text
            from pg_class where relnamespace = 'bank'::regnamespace and relkind = 'r'
            """;

    /** Indexes, constraints and triggers, as the server describes them. */
    private static final String SHAPE = """
            select string_agg(what, e'\n' order by what) from (
                select pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' invalid' end
                from pg_index where indrelid in (select oid from pg_class where relnamespace = 'bank'::regnamespace)
                union all
                select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
                where connamespace = 'bank'::regnamespace
                union all
                select pg_get_triggerdef(oid) from pg_trigger
                where tgrelid in (select oid from pg_class where relnamespace = 'bank'::regnamespace)) as shape(what)
            """;

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

    /** The tables of the ledger refer to each other, so both sides cannot be written: CanaryCrashTest passes those. */
    private static Set<CrashPoint> ofAMigration() {
        Set<CrashPoint> points = EnumSet.allOf(CrashPoint.class);
        points.removeAll(beginning("CANARY_"));
        return points;
    }

    @Test
    void theEndIsTheSameWhereverTheDaemonDied() throws Exception {
        dieEverywhere("pgoutput");
    }

    @Tag("chaos")
    @Test
    void theEndIsTheSameWhicheverEngineReadsTheLog() throws Exception {
        dieEverywhere("debezium");
    }

    /** With key ranges and a table without a key, so that every way through the boundaries is taken. */
    private void dieEverywhere(String engine) throws Exception {
        Mortality mortality = new Mortality(ofAMigration());
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("""
                schema:
                  from: blue
                backfill:
                  whole-table-up-to: 8KiB
                  chunk-bytes: 8KiB
                capture:
                  engine: %s
                """.formatted(engine));
        try (Ledger ledger = Ledger.open(
                        rig, config -> config.withOperationsPerSecond(60).withVolume(new Volume(750, 5, 9_000)));
                DaemonHere daemon = new DaemonHere(rig, mortality)) {
            ledger.workload().pause();
            KeylessLog.install(rig);
            ledger.workload().resume();
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(chunks(rig)).as("chunks of bank.accounts").isGreaterThan(2);
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
            ledger.workload().pause();
            KeylessLog.assertCleanOn(rig, Side.GREEN);
            KeylessLog.awaitSameOnBoth(rig, driver);
            ledger.workload().resume();
            mortality.alsoAt(beginning("SWITCH_"));
            mortality.alsoAt(EnumSet.of(CrashPoint.STREAM_AFTER_WINDOW_COMMIT));
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            ledger.workload().pause();
            KeylessLog.assertCleanOn(rig, Side.BLUE);
            KeylessLog.awaitSameOnBoth(rig, driver);
            ledger.workload().resume();
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            finish(driver, daemon, mortality);
            rig.assertNothingLeft(before);
        }
    }

    @Tag("chaos")
    @Test
    void theEndIsTheSameWhenTablesAreCopiedWhole() throws Exception {
        Mortality mortality = new Mortality(ofAMigration());
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig, mortality)) {
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            mortality.alsoAt(beginning("SWITCH_"));
            driver.rollback();
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            finish(driver, daemon, mortality);
            rig.assertNothingLeft(before);
        }
    }

    private static void finish(Driver driver, DaemonHere daemon, Mortality mortality) throws Exception {
        driver.finish();
        daemon.stop();
        assertThat(mortality.notPassed()).as("points that nothing passed").isEmpty();
        assertThat(mortality.died()).hasSizeGreaterThan(ofAMigration().size());
    }

    private static int chunks(Rig rig) throws SQLException {
        return Integer.parseInt(rig.ask(
                Side.GREEN, "select count(*) from viridian.chunk where source like '%accounts%' and state = 'MERGED'"));
    }

    /**
     * Giving up ends in the same way wherever it was interrupted: green as it was found, blue as if nothing had been.
     */
    @Test
    void givingUpLeavesGreenAsItWas() throws Exception {
        Mortality mortality = new Mortality(beginning("CLEANUP_"));
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: none\n");
        try (Connection green = rig.connect(Side.GREEN)) {
            LedgerWorkload.install(green, Ledger.config(rig));
        }
        rig.execute(Side.GREEN, EMPTY);
        String shape = rig.ask(Side.GREEN, SHAPE);
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig, mortality)) {
            List<ServerSnapshot> before = rig.snapshots();
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.abort();
            daemon.stop();
            assertThat(mortality.notPassed()).as("points that nothing passed").isEmpty();
            ledger.assertCleanAtTheEndOn(Side.BLUE);
            rig.execute(Side.BLUE, "delete from bank.counters where false");
            rig.assertNothingLeft(before);
            assertThat(rig.ask(Side.GREEN, SHAPE)).isEqualTo(shape);
            assertThat(rig.ask(Side.GREEN, ROWS)).isEqualTo("0");
        }
    }
}
