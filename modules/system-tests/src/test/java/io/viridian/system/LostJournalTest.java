package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.ServerRole;
import io.viridian.testkit.server.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal lives on a server of its own, and that server is gone. */
class LostJournalTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(LostJournalTest.class);

    @TempDir
    Path directory;

    private static ProgramRun direct(Rig rig) throws Exception {
        return ProgramRun.of(rig, "rollback", "--direct", "--confirm", rig.migration, "--reason", "both are gone");
    }

    private static Rig rig(PostgresServer journal, Path directory) throws Exception {
        return new Rig(ServerPair.shared(15, 17), directory)
                .configure("schema:\n  from: blue\njournal:\n  url: %s\n"
                        .formatted(journal.url(journal.freshDatabase("journal"))));
    }

    private static String ask(PostgresServer server, String database, String sql) throws Exception {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }

    private static String database(Rig rig) {
        return rig.settings().journal().orElseThrow().database();
    }

    @Test
    void theWayBackNeedsItNotAndTheNextDaemonWritesDownWhatHappened() throws Exception {
        try (PostgresServer journal = Servers.start(ServerRole.BLUE, 16, Map.of())) {
            Rig rig = rig(journal, directory);
            try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                    DaemonProcess daemon = new DaemonProcess(rig);
                    OneWritableSide watch = OneWritableSide.watching(rig)) {
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                driver.cutover();
                daemon.kill();
                journal.stopImmediately();
                ProgramRun rollback = direct(rig);
                assertThat(rollback.exit()).as(rollback.toString()).isZero();
                assertThat(rollback.out()).contains("rollback  SUCCEEDED");
                assertThat(rollback.err()).contains("the journal's database does not answer");
                rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
                ledger.assertCleanOn(Side.BLUE);
                journal.start();
                driver.reach(StateName.ROLLED_BACK);
                assertThat(ask(
                                journal,
                                database(rig),
                                "select string_agg(state, ' ' order by seq) from viridian.migration_journal"))
                        .endsWith("switched rolling_back rolling_back rolled_back");
                assertThat(ask(journal, database(rig), "select string_agg(reason, ', ') from viridian.operation"))
                        .contains("both are gone");
                assertThat(rig.ask(Side.BLUE, "select to_regclass('viridian.migration_journal')"))
                        .isEqualTo("null");
                driver.cutover();
                rig.assertOnlyWritable(Side.GREEN, Ledger.TABLE);
                driver.rollback();
                watch.assertKept();
                ledger.assertCleanAtTheEndOn(Side.BLUE);
            }
        }
    }

    @Test
    void beforeASwitchThereIsNothingToGoBackFromAndNothingIsTouched() throws Exception {
        try (PostgresServer journal = Servers.start(ServerRole.BLUE, 16, Map.of())) {
            Rig rig = rig(journal, directory);
            rig.execute(Side.BLUE, "create table item (id int primary key)");
            try (DaemonProcess daemon = new DaemonProcess(rig)) {
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                daemon.kill();
                journal.stopImmediately();
                ProgramRun rollback = direct(rig);
                assertThat(rollback.exit()).as(rollback.toString()).isEqualTo(2);
                assertThat(rollback.err()).contains("blue owns the writes", "nothing to roll back");
                assertThat(rig.ask(Side.BLUE, "select to_regclass('viridian.migration_journal')"))
                        .isEqualTo("null");
                journal.start();
                driver.reach(StateName.READY);
            }
        }
    }

    /** It reaches the journal, which the one that goes back does not; its locks are gone, and it has not looked yet. */
    @Test
    void aDaemonThatStillReachesItDoesNothingBehindTheOneThatDoesNot() throws Exception {
        try (PostgresServer journal = Servers.start(ServerRole.BLUE, 16, Map.of())) {
            Rig rig = rig(journal, directory);
            try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                    DaemonProcess replaced = new DaemonProcess(rig);
                    DaemonProcess next = new DaemonProcess(rig);
                    OneWritableSide watch = OneWritableSide.watching(rig)) {
                Driver driver = new Driver(replaced);
                driver.reach(StateName.READY);
                driver.cutover();
                replaced.signal("STOP");
                cutSessions(rig, Side.BLUE);
                cutSessions(rig, Side.GREEN);
                String there = journal.url(database(rig));
                rig.configure("schema:\n  from: blue\njournal:\n  url: postgresql://postgres@127.0.0.1:1/journal\n");
                ProgramRun rollback = direct(rig);
                assertThat(rollback.exit()).as(rollback.toString()).isZero();
                replaced.signal("CONT");
                finalize(replaced);
                assertThat(replaced.awaitEnd()).as(replaced.said()).isEqualTo(DaemonProcess.HELD_BY_ANOTHER);
                rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
                rig.configure("schema:\n  from: blue\njournal:\n  url: %s\n".formatted(there));
                Driver after = new Driver(next);
                after.reach(StateName.ROLLED_BACK);
                after.cutover();
                watch.assertKept();
                ledger.assertCleanAtTheEndOn(Side.GREEN);
            }
        }
    }

    /** Asks for what would open both sides; it may have ended before it is asked. */
    private static void finalize(DaemonProcess daemon) {
        try {
            daemon.panel().submit(Operation.Type.FINALIZE, Map.of());
        } catch (RuntimeException ended) {
            LOG.info("it does not answer any more", ended);
        }
    }

    private static void cutSessions(Rig rig, Side side) throws InterruptedException {
        String ours = "from pg_stat_activity where application_name like 'viridian " + rig.migration + "%'";
        Await.until("the sessions on " + side + " are gone", PATIENCE, () -> {
            rig.execute(side, "select pg_terminate_backend(pid) " + ours);
            return rig.ask(side, "select count(*) " + ours).equals("0");
        });
    }
}
