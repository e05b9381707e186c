package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.schema.TwoDatabases;
import io.viridian.schema.green.SchemaOrigin;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.ServerRole;
import io.viridian.testkit.server.Servers;
import io.viridian.testkit.server.SharedServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks of servers as a whole. */
@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class ServerChecksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void aLogThatIsNotLogicalIsRefusedOnBlueAndWithAWayBackOnGreenToo() throws Exception {
        try (ServerPair servers = ServerPair.start(14, 18, Map.of("wal_level", "replica"));
                TwoDatabases databases = TwoDatabases.between(servers)) {
            CheckWorld world = CheckWorld.of(databases);
            assertThat(world.run(new WalLevelCheck()))
                    .containsExactly(Finding.refused(
                            "blue.wal-level",
                            "wal_level",
                            "wal_level on blue is replica, needed is logical",
                            "alter system set wal_level = 'logical'; -- then restart blue"));
            assertThat(world.reversible().run(new WalLevelCheck()))
                    .extracting(Finding::id)
                    .containsExactly("blue.wal-level", "green.wal-level");
        }
    }

    @Test
    void aServerThatDecodesItsLogByOtherLibrariesOnlyIsRefused() throws Exception {
        try (TwoDatabases databases = TwoDatabases.between(ServerPair.shared(15, 18))) {
            assertThat(CheckWorld.of(databases).reversible().run(new OutputPluginCheck()))
                    .isEmpty();
        }
        Map<String, String> others = Map.of("output_plugin_libraries", "test_decoding");
        try (ServerPair servers = ServerPair.start(15, 18, others);
                TwoDatabases databases = TwoDatabases.between(servers)) {
            CheckWorld world = CheckWorld.of(databases);
            assertThat(world.run(new OutputPluginCheck()))
                    .containsExactly(Finding.refused(
                            "blue.output-plugin",
                            "output_plugin_libraries",
                            "output_plugin_libraries on blue is 'test_decoding' and does not name pgoutput, which reads"
                                    + " the log for us",
                            "alter system set output_plugin_libraries = test_decoding, pgoutput;"
                                    + " select pg_reload_conf();"));
            assertThat(world.reversible().run(new OutputPluginCheck()))
                    .extracting(Finding::id)
                    .containsExactly("blue.output-plugin", "green.output-plugin");
            databases
                    .onBlue("alter system set output_plugin_libraries = test_decoding, pgoutput")
                    .onBlue("select pg_reload_conf()");
            Await.until(
                    "the setting is read",
                    PATIENCE,
                    () -> CheckWorld.of(databases).run(new OutputPluginCheck()).isEmpty());
        }
    }

    @Test
    void fullSlotsAndSendersAreRefusedWithTheNumbersAndSlotLimitsAreToldOf() throws Exception {
        Map<String, String> settings =
                Map.of("max_replication_slots", "2", "max_wal_senders", "1", "max_slot_wal_keep_size", "64MB");
        try (ServerPair servers =
                        new ServerPair(Servers.start(ServerRole.BLUE, 15, settings), SharedServers.green(17));
                TwoDatabases databases = TwoDatabases.between(servers)
                        .onBlue("select pg_create_logical_replication_slot('theirs', 'pgoutput')")) {
            List<Finding> findings = CheckWorld.of(databases).run(new SlotCapacityCheck());
            assertThat(findings)
                    .extracting(Finding::id)
                    .containsExactly("blue.replication-slots", "blue.wal-senders", "blue.slot-limit");
            assertThat(findings)
                    .extracting(Finding::message)
                    .containsExactly(
                            "max_replication_slots on blue is 2 and 1 are in use; 2 must be free",
                            "max_wal_senders on blue is 1 and 0 are in use; 2 must be free",
                            "max_slot_wal_keep_size on blue is 64MB: a slot that falls behind further is lost, and the"
                                    + " migration with it");
            assertThat(CheckWorld.of(databases).underWay().run(new SlotCapacityCheck()))
                    .extracting(Finding::id)
                    .containsExactly("blue.slot-limit");
        }
    }

    @Test
    void moreTablesThanAServerHasLocksForAreRefusedUntilItHasThem() throws Exception {
        Map<String, String> few =
                Map.of("max_locks_per_transaction", "10", "max_connections", "20", "max_prepared_transactions", "0");
        try (ServerPair servers = ServerPair.start(14, 18, few);
                TwoDatabases databases = TwoDatabases.between(servers)
                        .onBlue("create table part (id int primary key) partition by range (id)")
                        .onBlue("""
                        do $$ begin
                            for number in 1..205 loop
                                execute format('create table part_%1$s partition of part'
                                               ' for values from (%1$s) to (%1$s + 1)', number);
                                if number % 50 = 0 then commit; end if;
                            end loop;
                        end $$
                        """)) {
            CheckWorld world = CheckWorld.of(databases).from(new SchemaOrigin.Blue());
            assertThat(world.underWay().run(new LockCapacityCheck()))
                    .extracting(Finding::message)
                    .singleElement(STRING)
                    .contains("a switch, which locks every table, needs 206 in one transaction");
            List<Finding> findings = world.run(new LockCapacityCheck());
            assertThat(findings).extracting(Finding::id).containsExactly("blue.locks", "green.locks");
            assertThat(findings)
                    .extracting(Finding::message)
                    .satisfiesExactly(
                            blue -> assertThat(blue)
                                    .startsWith("max_locks_per_transaction on blue is 10, which is room for 200 locks")
                                    .contains("locks every table"),
                            green -> assertThat(green).contains("creating blue's schema needs 412 in one transaction"));
            databases.onBlue(findings.getFirst().fix());
            databases.onGreen(findings.getLast().fix());
            databases.blue().close();
            databases.green().close();
            for (PostgresServer server : List.of(servers.blue(), servers.green())) {
                server.stopFast();
                server.start();
            }
            assertThat(world.run(new LockCapacityCheck())).isEmpty();
        }
    }

    @Test
    void aStandbyIsRefused() throws Exception {
        try (ServerPair servers =
                        new ServerPair(SharedServers.blue(15), Servers.start(ServerRole.GREEN, 17, Map.of()));
                TwoDatabases databases = TwoDatabases.between(servers)) {
            PostgresServer green = servers.green();
            green.execute("copy (select) to program 'touch standby.signal'");
            databases.green().close();
            green.stopFast();
            green.start();
            assertThat(CheckWorld.of(databases).run(new ReadOnlyCheck()))
                    .containsExactly(Finding.refused(
                            "green.in-recovery",
                            "green.url",
                            "green is a standby: pg_is_in_recovery() is true, so it takes no writes",
                            "lead green.url to the primary"));
        }
    }

    @Test
    void aDatabaseThatIsReadOnlyByDefaultIsToldOfAlthoughOurOwnSessionsAreNot() throws Exception {
        try (TwoDatabases databases = TwoDatabases.shared(15, 17)) {
            String name = TwoDatabases.texts(databases.green(), "select current_database()")
                    .getFirst();
            databases.onGreen("alter database \"%s\" set default_transaction_read_only = on".formatted(name));
            List<Finding> findings = CheckWorld.of(databases).run(new ReadOnlyCheck());
            assertThat(findings).singleElement().satisfies(finding -> {
                assertThat(finding.id()).isEqualTo("green.read-only");
                assertThat(finding.message()).contains("default_transaction_read_only is on for new sessions on green");
            });
            databases.onGreen(findings.getFirst().fix());
            assertThat(CheckWorld.of(databases).run(new ReadOnlyCheck())).isEmpty();
        }
    }

    @Test
    void twoUrlsOfOneClusterAreRefusedBySystemIdentifier() throws Exception {
        PostgresServer server = SharedServers.blue(15);
        try (TwoDatabases databases = TwoDatabases.between(new ServerPair(server, server))) {
            String identifier = TwoDatabases.texts(
                            databases.blue(), "select system_identifier from pg_control_system()")
                    .getFirst();
            assertThat(CheckWorld.of(databases).run(new SameClusterCheck()))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.refuses()).isTrue();
                        assertThat(finding.message()).contains("both have system identifier " + identifier);
                    });
        }
    }

    @Test
    void theSystemIdentifierIsFoundOverReplicationWhereTheFunctionIsForbidden() throws Exception {
        PostgresServer server = SharedServers.blue(15);
        try (TwoDatabases databases = TwoDatabases.between(new ServerPair(server, server))
                .onBoth("revoke execute on function pg_control_system() from public")) {
            try (Roles roles = new Roles(databases, "login replication")) {
                assertThat(Preflight.run(
                                new SameClusterCheck(), CheckWorld.of(databases).context(roles.blue(), roles.green())))
                        .extracting(Finding::id)
                        .containsExactly("same-cluster");
            }
        }
    }

    @Test
    void aVersionNobodyTriedIsRefusedAndAnOlderGreenIsToldOf() throws Exception {
        List<Finding> findings = new ArrayList<>();
        VersionCheck.refuseUnknown(Side.BLUE, 13, findings);
        VersionCheck.refuseUnknown(Side.GREEN, 19, findings);
        VersionCheck.refuseUnknown(Side.GREEN, 18, findings);
        assertThat(findings)
                .extracting(Finding::message)
                .containsExactly(
                        "blue runs PostgreSQL 13; Viridian knows 14 to 18",
                        "green runs PostgreSQL 19; Viridian knows 14 to 18");
        try (TwoDatabases databases = TwoDatabases.shared(17, 14)) {
            assertThat(CheckWorld.of(databases).run(new VersionCheck()))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                        assertThat(finding.message())
                                .contains("green (PostgreSQL 14) is older than blue (PostgreSQL 17)");
                    });
        }
    }

    @Test
    void anEncodingThatCannotHoldEverythingIsToldOf() throws SQLException, InterruptedException {
        PostgresServer server = SharedServers.green(17);
        String name = "latin_" + System.nanoTime();
        server.execute("create database %s template template0 encoding 'LATIN1' locale 'C'".formatted(name));
        try (TwoDatabases databases = TwoDatabases.shared(15, 17);
                io.viridian.postgres.Database latin = TwoDatabases.open(Side.GREEN, server, name, server.superuser())) {
            assertThat(Preflight.run(
                            new EncodingCheck(), CheckWorld.of(databases).context(databases.blue(), latin)))
                    .singleElement()
                    .satisfies(finding ->
                            assertThat(finding.message()).contains("blue's database is UTF8 and green's is LATIN1"));
        }
    }
}
