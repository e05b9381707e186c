package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.StaleStandby;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A side fails over to a standby that had not received everything, real servers and real timelines: nobody may write
 * where nobody follows, and nothing may be taken for applied that is not.
 */
class FailoverTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String IDS = "select string_agg(id::text, ' ' order by id) from note";

    /** In our words, or in those in which a server refuses to decode. */
    private static final Pattern STANDBY = Pattern.compile("is a standby|in recovery");

    private final ServerPair servers = ServerPair.start(15, 17);

    @TempDir
    Path directory;

    private Rig rig;

    @BeforeEach
    void twoDatabases() throws Exception {
        rig = new Rig(servers, directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        rig.execute(Side.BLUE, "insert into note values (1, 'a'), (2, 'b')");
    }

    @AfterEach
    void close() {
        servers.close();
    }

    /** A journal that fails over with blue would forget the switch, too. */
    private void journalBesideGreen() throws Exception {
        String journal = servers.green().freshDatabase("journal");
        rig.configure(
                "schema:\n  from: blue\njournal:\n  url: " + servers.green().url(journal) + "\n");
    }

    private void awaitOn(Side side, String ids) throws InterruptedException {
        Await.until(side + " holds " + ids, PATIENCE, () -> rig.ask(side, IDS).equals(ids));
    }

    private void awaitOnlyWritable(Side side) throws InterruptedException {
        Await.until(side + " alone is writable", PATIENCE, () -> {
            try {
                rig.assertOnlyWritable(side, "note");
                return true;
            } catch (AssertionError notYet) {
                return false;
            }
        });
    }

    private static void awaitHalt(DaemonHere daemon, String code) throws InterruptedException {
        Await.until("it is halted", PATIENCE, () -> daemon.state() == StateName.HALTED);
        assertThat(daemon.fault()).contains("code=" + code);
    }

    @Test
    void aBlueThatForgotItsHandOverIsClosedAgainAndGreenGoesOn() throws Exception {
        journalBesideGreen();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            try (StaleStandby standby = StaleStandby.of(rig.blue)) {
                driver.cutover();
                rig.execute(Side.GREEN, "insert into note values (3, 'c')");
                standby.promote();
            }
            awaitHalt(daemon, "FENCE_LOST");
            assertThat(daemon.control().view().next()).noneMatch(hint -> hint.contains("`viridian abort` gives up"));
            awaitOnlyWritable(Side.GREEN);
            assertThat(rig.ask(Side.BLUE, "select state || epoch from viridian.ownership"))
                    .isEqualTo("TRANSFERRED2");
            assertThat(rig.ask(Side.GREEN, IDS)).isEqualTo("1 2 3");
        }
    }

    @Test
    void aGreenThatForgotItsOpeningIsOpenedAgain() throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            try (StaleStandby standby = StaleStandby.of(rig.green)) {
                driver.cutover();
                standby.promote();
            }
            awaitOnlyWritable(Side.GREEN);
            assertThat(daemon.control().view().owner()).isEqualTo("green");
        }
    }

    /** What blue writes up to the old position would be taken for applied, and be missing for ever. */
    @Test
    void aBlueThatLostWhatGreenHasIsReadNoFurther() throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            try (StaleStandby standby = StaleStandby.of(rig.blue)) {
                rig.execute(Side.BLUE, "insert into note values (3, 'c')");
                awaitOn(Side.GREEN, "1 2 3");
                standby.promote();
            }
            rig.execute(Side.BLUE, "insert into note values (4, 'd')");
            awaitHalt(daemon, "LOG_FORKED");
            assertThat(daemon.fault()).contains("timeline 2", "timeline 1");
            awaitOnlyWritable(Side.BLUE);
        }
    }

    /** Blue need not send again what was confirmed, so the rows in between would be missing for ever. */
    @Test
    void aGreenThatForgotRowsTakesNoMore() throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            try (StaleStandby standby = StaleStandby.of(rig.green)) {
                rig.execute(Side.BLUE, "insert into note values (3, 'c')");
                awaitOn(Side.GREEN, "1 2 3");
                String written = rig.ask(Side.BLUE, "select pg_current_wal_lsn()");
                Await.until(
                        "it is confirmed",
                        PATIENCE,
                        () -> rig.ask(
                                        Side.BLUE,
                                        "select bool_and(confirmed_flush_lsn > '" + written
                                                + "') from pg_replication_slots")
                                .equals("t"));
                standby.promote();
            }
            rig.execute(Side.BLUE, "insert into note values (4, 'd')");
            awaitHalt(daemon, "SLOT_MOVED");
            assertThat(rig.ask(Side.GREEN, IDS)).isEqualTo("1 2");
            awaitOnlyWritable(Side.BLUE);
        }
    }

    @Test
    void aFailOverThatLosesNothingIsGoneOnWith() throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            daemon.stop();
            try (StaleStandby standby = StaleStandby.of(rig.blue)) {
                standby.promote();
            }
            rig.execute(Side.BLUE, "insert into note values (3, 'c')");
            driver.reach(StateName.READY);
            awaitOn(Side.GREEN, "1 2 3");
            driver.cutover();
            awaitOnlyWritable(Side.GREEN);
            driver.rollback();
            awaitOnlyWritable(Side.BLUE);
        }
    }

    /**
     * What an address leads to while its new primary is not promoted yet takes no writes; nobody is called for that.
     */
    @ParameterizedTest
    @EnumSource(Side.class)
    void aSideThatIsAStandbyForAWhileIsWaitedFor(Side side) throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            PostgresServer server = side == Side.BLUE ? rig.blue : rig.green;
            server.stopFast();
            Files.createFile(server.dataDirectory().resolve("standby.signal"));
            server.start();
            Await.until(
                    "it is told",
                    PATIENCE,
                    () -> STANDBY.matcher(daemon.fault()).find());
            server.execute("select pg_promote(true, 60)");
            rig.execute(Side.BLUE, "insert into note values (3, 'c')");
            awaitOn(Side.GREEN, "1 2 3");
            assertThat(daemon.state()).isEqualTo(StateName.READY);
        }
    }

    /** The server ends the stream of a slot that it has given up, and nothing more comes through that slot. */
    @Test
    void aSlotThatBlueGivesUpUnderARunningStreamHaltsTheMigration() throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig);
                Connection holder = rig.connect(Side.GREEN);
                Statement lock = holder.createStatement()) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            holder.setAutoCommit(false);
            lock.execute("lock table note in access exclusive mode");
            rig.blue.set("max_slot_wal_keep_size", "1MB");
            rig.execute(Side.BLUE, "insert into note values (3, 'c')");
            Await.until("blue gives the slot up", PATIENCE, () -> {
                rig.execute(
                        Side.BLUE, "create table filler as select repeat('x', 1000) from generate_series(1, 20000)");
                rig.execute(Side.BLUE, "drop table filler");
                rig.blue.execute("select pg_switch_wal()");
                rig.blue.execute("checkpoint");
                return rig.ask(Side.BLUE, "select wal_status from pg_replication_slots")
                        .equals("lost");
            });
            holder.rollback();
            awaitHalt(daemon, "SLOT_LOST");
        }
    }

    @Test
    void aSlotThatAFailOverLeftBehindIsNotMadeAnew() throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            try (StaleStandby standby = StaleStandby.of(rig.blue).withoutSlots()) {
                standby.promote();
            }
            awaitHalt(daemon, "SLOT_LOST");
            assertThat(rig.ask(Side.BLUE, "select count(*) from pg_replication_slots"))
                    .isEqualTo("0");
        }
    }
}
