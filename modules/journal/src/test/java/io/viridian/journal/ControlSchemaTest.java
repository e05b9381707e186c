package io.viridian.journal;

import static java.lang.System.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.journal.ControlSchema.Role;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.postgres.slot.Publications;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class ControlSchemaTest {
    private static final List<String> LIQUIBASE = List.of("databasechangelog", "databasechangeloglock");

    private Database database;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestDatabase.create();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void everySupportedVersionTakesEveryRole(int majorVersion) throws SQLException {
        try (Database one = TestDatabase.create(SharedServers.blue(majorVersion))) {
            for (Role role : Role.values()) {
                ControlSchema.install(one, role);
            }
            assertThat(tables(one))
                    .contains("ownership", "progress", "chunk", "deferred", "migration_journal", "operation");
        }
    }

    @Test
    void blueHoldsTheAuthorityAndTheProgressOfTheWayBackOnly() {
        ControlSchema.install(database, Role.BLUE);
        assertThat(tables(database))
                .containsExactly(
                        "conflict",
                        LIQUIBASE.get(0),
                        LIQUIBASE.get(1),
                        "given_up_slot",
                        "lossy",
                        "ownership",
                        "plan_copy",
                        "progress",
                        "stash");
        assertThat(database.<Boolean>query(ControlSchema::present)).isTrue();
    }

    @Test
    void aDatabaseCanBeBlueAndHoldTheJournal() {
        ControlSchema.install(database, Role.BLUE);
        ControlSchema.install(database, Role.JOURNAL);
        assertThat(tables(database)).contains("ownership", "migration_journal", "lease", "event", "verification");
    }

    @Test
    void installingTwiceChangesNothing() {
        ControlSchema.install(database, Role.GREEN);
        List<String> before = changes(database);
        database.run(
                session -> session.execute(
                        "insert into viridian.progress (migration, direction, lsn, epoch) values ('shop', 'forward', '0/1', 1)"));
        ControlSchema.install(database, Role.GREEN);
        assertThat(changes(database)).isEqualTo(before);
        assertThat(database.<Long>query(
                        session -> session.one("select count(*) from viridian.progress", row -> row.number(1))))
                .isEqualTo(1);
    }

    @Test
    void whatAnOlderVersionInstalledIsCompleted() {
        ControlSchema.install(database, Role.JOURNAL);
        database.run(session -> session.execute("""
                delete from viridian.databasechangelog where id = 'journal-11';
                alter table viridian.migration_journal drop constraint migration_journal_state_check;
                alter table viridian.migration_journal add constraint migration_journal_state_check check (state <> 'armed')
                """));

        ControlSchema.upgrade(database, Role.JOURNAL);

        database.run(session ->
                session.execute("insert into viridian.migration_journal values ('shop', 1, 'armed', '{}', 'me')"));
    }

    @Test
    void twoDaemonsThatInstallAtOnceTakeTurns() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> both = List.of(
                    threads.submit(() -> ControlSchema.install(database, Role.JOURNAL)),
                    threads.submit(() -> ControlSchema.install(database, Role.JOURNAL)));
            for (Future<?> one : both) {
                one.get();
            }
        }
        assertThat(changes(database)).doesNotHaveDuplicates();
    }

    /** Of what was published before there were marks, nobody can tell more than what it is now. */
    @Test
    void whatAnOlderVersionPublishedIsMarkedOnce() {
        String published = "viridian_shop_reverse";
        ControlSchema.install(database, Role.GREEN);
        database.run(session -> session.execute("delete from viridian.databasechangelog where id = 'sides-7';"
                + " create table item (id int primary key); create publication " + published + " for table item"));
        ControlSchema.upgrade(database, Role.GREEN);
        database.run(session -> Publications.requireAsMade(session, published));
        database.run(session -> session.execute("alter publication " + published + " set (publish = 'insert')"));
        ControlSchema.upgrade(database, Role.GREEN);
        assertThatThrownBy(() -> database.run(session -> Publications.requireAsMade(session, published)))
                .hasMessageContaining("PUBLICATION_CHANGED");
    }

    @Test
    void aFailureLeavesNothingBehind() {
        database.run(session -> session.execute(
                "create schema viridian; create view viridian.migration_journal as select 1 as migration"));
        assertThatThrownBy(() -> ControlSchema.install(database, Role.JOURNAL))
                .isInstanceOfSatisfying(FaultException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(FaultCode.BLUE_FAILED);
                    assertThat(failure.fault().sqlState()).isNotEmpty();
                });
        assertThat(tables(database)).isEmpty();
    }

    @Test
    void aRoleWithoutTheRightIsToldTheServersWord() throws SQLException {
        PostgresServer server = SharedServers.blue(18);
        String name = server.freshDatabase("journal");
        server.execute("create role \"nobody of %s\" login".formatted(name));
        try (Database poor = TestDatabase.open(server, name, "nobody of " + name)) {
            assertThatThrownBy(() -> ControlSchema.install(poor, Role.BLUE))
                    .hasMessageContaining("permission denied for database " + name)
                    .hasMessageContaining("42501");
        } finally {
            server.execute("drop role \"nobody of %s\"".formatted(name));
        }
    }

    @Test
    void nothingIsPrinted() {
        PrintStream before = out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            ControlSchema.install(database, Role.GREEN);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void removingLeavesNothingOfOurs() {
        ControlSchema.install(database, Role.BLUE);
        database.run(ControlSchema::remove);
        database.run(ControlSchema::remove);
        assertThat(database.<Boolean>query(ControlSchema::present)).isFalse();
    }

    @Test
    void afterARemovalTheSameProcessInstallsEverythingAnew() {
        ControlSchema.install(database, Role.GREEN);
        List<String> before = tables(database);
        database.run(ControlSchema::remove);
        ControlSchema.install(database, Role.GREEN);
        assertThat(tables(database)).isEqualTo(before);
    }

    @Test
    void anOwnerIsOneOfTheTwoSides() {
        ControlSchema.install(database, Role.BLUE);
        assertThatThrownBy(() -> database.run(session ->
                        session.execute("insert into viridian.ownership values ('shop', 'blue', 'red', 1, 'OPEN')")))
                .hasMessageContaining("ownership_owner_check");
    }

    private static List<String> tables(Database database) {
        return texts(database, """
                select relname from pg_class
                where relnamespace = to_regnamespace('viridian') and relkind = 'r' order by 1
                """);
    }

    private static List<String> changes(Database database) {
        return texts(database, "select id || ' ' || orderexecuted from viridian.databasechangelog order by 1");
    }

    private static List<String> texts(Database database, String query) {
        try (Session session = database.open("test")) {
            return session.list(query, row -> row.text(1));
        }
    }
}
