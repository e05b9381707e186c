package io.viridian.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.testkit.Await;
import io.viridian.testkit.Sql;
import io.viridian.testkit.net.TcpProxy;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.Servers;
import io.viridian.testkit.server.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@ExtendWith(KeepServerLogs.class)
final class LedgerUnderFireTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Refuses the side whose name is in the table; both sides are one database, so nothing has to be replicated. */
    private static final String GUARD = """
            create table public.closed (side text);
            insert into public.closed values ('green');
            create function public.guard() returns trigger language plpgsql as $$
            begin
                if exists (select from public.closed where side = current_setting('application_name')) then
                    raise exception 'closed' using errcode = '25006';
                end if;
                return null;
            end $$;
            do $$
            declare name text;
            begin
                for name in select relname from pg_class where relnamespace = 'bank'::regnamespace and relkind = 'r' loop
                    execute format('create trigger guard before insert or update or delete on bank.%I '
                        'for each statement execute function public.guard()', name);
                end loop;
            end $$;
            """;

    @TempDir
    private Path directory;

    @Test
    void aServerThatIsKilledAgainAndAgainLosesNothing() throws Exception {
        try (PostgresServer server = Servers.start(18)) {
            String database = server.freshDatabase("ledger");
            LedgerConfig config = installed(server, database, Side.of("blue", server, database));
            try (LedgerWorkload workload = LedgerWorkload.start(config);
                    KillSwitch killer = new KillSwitch(server)) {
                for (int kill = 0; kill < 5; kill++) {
                    awaitProgress(workload);
                    killer.press();
                }
                awaitProgress(workload);
                workload.stop();
                assertClean(workload, server, database);
            }
        }
    }

    @Test
    void answersThatGetLostMakeOperationsUnknownAndTheWriterSettlesThem() throws Exception {
        PostgresServer server = SharedServers.blue(18);
        String database = server.freshDatabase("ledger");
        try (TcpProxy proxy = TcpProxy.to(server)) {
            Side blue = Side.at("blue", proxy.jdbcUrl(database)).with("socketTimeout", "1");
            try (LedgerWorkload workload = LedgerWorkload.start(installed(server, database, blue))) {
                Await.until("three answers of COMMIT got lost", PATIENCE, () -> {
                    awaitProgress(workload);
                    proxy.dropReplies();
                    long unknown = workload.unknown();
                    awaitHangs(server, database);
                    proxy.pass();
                    return unknown >= 3;
                });
                awaitProgress(workload);
                workload.stop();
                assertThat(assertClean(workload, server, database).unknown()).isGreaterThanOrEqualTo(3);
            }
        }
    }

    @Test
    void whatStaysUnknownBecauseNobodyAnswersIsSettledByTheCheck() throws Exception {
        PostgresServer server = SharedServers.blue(18);
        String database = server.freshDatabase("ledger");
        try (TcpProxy proxy = TcpProxy.to(server)) {
            Side blue = Side.at("blue", proxy.jdbcUrl(database));
            try (LedgerWorkload workload = LedgerWorkload.start(installed(server, database, blue))) {
                do {
                    proxy.pass();
                    workload.resume();
                    awaitProgress(workload);
                    proxy.dropReplies();
                    awaitHangs(server, database);
                    workload.pause(Duration.ofMillis(10));
                } while (workload.unknown() == 0);
                proxy.cut();
                awaitGone(server, database);
                assertThat(assertClean(workload, server, database).unknown()).isPositive();
            }
        }
    }

    @Test
    void writersFollowTheDatabaseToTheSideThatAcceptsWritesAndBack() throws Exception {
        PostgresServer server = SharedServers.blue(18);
        String database = server.freshDatabase("ledger");
        LedgerConfig config = installed(
                server,
                database,
                Side.of("blue", server, database).with("ApplicationName", "blue"),
                Side.of("green", server, database).with("ApplicationName", "green"));
        try (LedgerWorkload workload = LedgerWorkload.start(config);
                Connection owner = server.connect(database)) {
            Instant from = Instant.now();
            awaitProgress(workload);
            switchTo(owner, "green", "blue");
            Instant switched = Instant.now();
            awaitProgress(workload);
            workload.pause();
            Measurements before = workload.measure(from, switched);
            Measurements after = workload.measure(switched, Instant.now());
            assertThat(before.sides().getFirst().acknowledged()).isPositive();
            assertThat(after.sides().getLast().acknowledged()).isPositive();
            assertThat(workload.measure(from, Instant.now()).sides())
                    .satisfies(sides -> assertThat(sides.getFirst().last().orElseThrow())
                            .isBefore(sides.getLast().last().orElseThrow()));
            workload.resume();
            switchTo(owner, "blue", "green");
            awaitProgress(workload);
            workload.stop();
            assertThat(assertClean(workload, server, database).refused()).isPositive();
        }
    }

    @Test
    void aRowThatVanishesUnderItsOnlyWriterIsReported() throws Exception {
        PostgresServer server = SharedServers.blue(18);
        String database = server.freshDatabase("ledger");
        LedgerConfig config = installed(server, database, Side.of("blue", server, database));
        try (LedgerWorkload workload = LedgerWorkload.start(config);
                Connection connection = server.connect(database)) {
            awaitProgress(workload);
            Sql.run(connection, "delete from bank.counters");
            Await.until(
                    "a writer is surprised",
                    PATIENCE,
                    () -> workload.surprises().count() > 0);
            workload.stop();
            LedgerReport report = workload.check().check(connection);
            assertThat(report.violations())
                    .anySatisfy(violation -> assertThat(violation).contains("0 rows instead of 1"));
            assertThat(report.lost()).isZero();
        }
    }

    /** Under the same kind of lock that a real switch takes, so that no write is in flight. */
    private static void switchTo(Connection owner, String opened, String closed) throws SQLException {
        owner.setAutoCommit(false);
        Sql.run(
                owner,
                "lock table bank.accounts, bank.counters, bank.slots, bank.visits, bank.documents, bank.badges, "
                        + "bank.entries in share row exclusive mode",
                "update public.closed set side = '%s' where side = '%s'".formatted(closed, opened));
        owner.commit();
        owner.setAutoCommit(true);
    }

    private LedgerConfig installed(PostgresServer server, String database, Side... sides) throws SQLException {
        LedgerConfig config = LedgerConfig.of(directory.resolve(database), sides);
        try (Connection connection = server.connect(database)) {
            LedgerWorkload.install(connection, config);
            Sql.run(connection, GUARD);
        }
        return config;
    }

    private static LedgerReport assertClean(LedgerWorkload workload, PostgresServer server, String database)
            throws SQLException {
        try (Connection connection = server.connect(database)) {
            LedgerReport report = workload.check().check(connection);
            assertThat(report).matches(LedgerReport::clean, "clean");
            return report;
        }
    }

    private static void awaitProgress(LedgerWorkload workload) throws InterruptedException {
        long before = workload.acknowledged();
        Await.until("200 more operations are acknowledged", PATIENCE, () -> workload.acknowledged() >= before + 200);
    }

    /** All writers wait for an answer: the server has worked off what it got. */
    private static void awaitHangs(PostgresServer server, String database) throws InterruptedException {
        awaitCount(server, database, "state not like 'idle%'");
    }

    private static void awaitGone(PostgresServer server, String database) throws InterruptedException {
        awaitCount(server, database, "true");
    }

    private static void awaitCount(PostgresServer server, String database, String condition)
            throws InterruptedException {
        Await.until("no writer's session is left where " + condition, PATIENCE, () -> {
            try (Connection connection = server.connect(database)) {
                return Sql.ask(connection, """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and application_name like 'ledger-%%' and %s""".formatted(condition)).equals("0");
            }
        });
    }

    /** Kills and starts again; closing makes sure that the server runs. */
    private record KillSwitch(PostgresServer server) implements AutoCloseable {

        void press() {
            server.stopImmediately();
            server.start();
        }

        @Override
        public void close() {
            server.start();
        }
    }
}
