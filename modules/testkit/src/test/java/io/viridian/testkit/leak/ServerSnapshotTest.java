package io.viridian.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.testkit.Sql;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerRole;
import io.viridian.testkit.server.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ParameterizedClass
@ValueSource(ints = {14, 18})
@ExtendWith(KeepServerLogs.class)
final class ServerSnapshotTest {

    private final PostgresServer server;
    private String database = "";

    ServerSnapshotTest(int majorVersion) {
        server = SharedServers.of(ServerRole.JOURNAL, majorVersion);
    }

    @BeforeEach
    void createTable() throws SQLException {
        database = server.freshDatabase("snapshot");
        try (Connection connection = server.connect(database)) {
            Sql.run(connection, "create table t (id int primary key)");
        }
    }

    @Test
    void betweenTwoLooksAtAnIdleServerNothingDiffers() throws SQLException {
        ServerSnapshot before = ServerSnapshot.of(server, database);
        assertThat(ServerSnapshot.diff(before, ServerSnapshot.of(server, database)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            select pg_create_logical_replication_slot('left', 'pgoutput')    | slot left (pgoutput, in snapshot
            select pg_replication_origin_create('left')                      | origin left
            alter database postgres set work_mem = '5MB'                     | role setting work_mem=5MB for all roles
            alter system set work_mem = '6MB'; select pg_reload_conf()       | server setting work_mem = 6MB
            create publication left_pub for all tables                       | publication left_pub
            create schema viridian                                           | schema viridian
            create function f(int) returns int language sql as 'select 1'    | function f(integer)
            alter table t replica identity full                              | replica identity t full
            begin; insert into t values (1); prepare transaction 'left'      | prepared transaction left of postgres
            """)
    void whatAStatementLeavesBehindIsSaid(String statements, String words) throws SQLException {
        ServerSnapshot before = ServerSnapshot.of(server, database);
        try (Connection connection = server.connect(database)) {
            for (String statement : List.of(statements.split(";", -1))) {
                Sql.run(connection, statement);
            }
        }
        ServerSnapshot after = ServerSnapshot.of(server, database);
        assertThat(ServerSnapshot.diff(before, after))
                .anySatisfy(line -> assertThat(line).startsWith(words));
        assertThat(ServerSnapshot.missing(after, before))
                .as("seen from the other end of time")
                .anySatisfy(line -> assertThat(line).startsWith(words));
        assertThat(ServerSnapshot.missing(before, after))
                .filteredOn(line -> !line.startsWith("connection "))
                .isEmpty();
    }

    @Test
    void leftoversAreAwaitedBeforeTheyAreReported() throws Exception {
        ServerSnapshot before = ServerSnapshot.of(server, database);
        try (Connection connection = server.connect(database)) {
            Sql.run(connection, "set application_name = 'forgotten'");
            assertThat(ServerSnapshot.leftovers(before, server, database, Duration.ofMillis(100)))
                    .anySatisfy(line -> assertThat(line).contains("'forgotten'"));
        }
        assertThat(ServerSnapshot.leftovers(before, server, database, Duration.ofSeconds(20)))
                .isEmpty();
    }

    @Test
    void triggersAreSaidWithTheirTableAndTheirState() throws SQLException {
        try (Connection connection = server.connect(database)) {
            Sql.run(connection, "create function f() returns trigger language plpgsql as 'begin return null; end'");
            Sql.run(connection, "create function e() returns event_trigger language plpgsql as 'begin end'");
            ServerSnapshot before = ServerSnapshot.of(server, database);
            Sql.run(
                    connection,
                    "create trigger guard before insert on t execute function f()",
                    "alter table t enable always trigger guard",
                    "create event trigger ddl on ddl_command_end execute function e()");
            assertThat(ServerSnapshot.diff(before, ServerSnapshot.of(server, database)))
                    .containsExactly("trigger guard on t (always)", "event trigger ddl on ddl_command_end");
        }
    }

    @Test
    void sessionsAndTheirLocksAreSaid() throws SQLException {
        ServerSnapshot before = ServerSnapshot.of(server, database);
        try (Connection connection = server.connect(database)) {
            Sql.run(connection, "set application_name = 'forgotten'");
            connection.setAutoCommit(false);
            Sql.run(connection, "lock table t in share row exclusive mode", "select pg_advisory_lock(7)");
            assertThat(ServerSnapshot.diff(before, ServerSnapshot.of(server, database)))
                    .contains("connection postgres in %s as 'forgotten', client backend, number 1".formatted(database))
                    .contains("lock ShareRowExclusiveLock on relation t by 'forgotten'")
                    .contains("lock ExclusiveLock on advisory 0:7 by 'forgotten'");
        }
    }

    @AfterEach
    void cleanUp() throws SQLException {
        try (Connection connection = server.connect(database)) {
            Sql.run(
                    connection,
                    "select pg_drop_replication_slot(slot_name) from pg_replication_slots",
                    "select pg_replication_origin_drop(roname) from pg_replication_origin",
                    "alter database postgres reset all",
                    "alter system reset all");
            if (!Sql.ask(connection, "select count(*) from pg_prepared_xacts").equals("0")) {
                Sql.run(connection, "rollback prepared 'left'");
            }
        }
    }
}
