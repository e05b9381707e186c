package io.viridian.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.testkit.Await;
import io.viridian.testkit.Sql;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class LedgerWorkloadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final PostgresServer server = SharedServers.blue(18);

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void aServerThatDoesItsJobPassesTheCheckWithEveryKindOfOperation(int majorVersion) throws Exception {
        PostgresServer subject = SharedServers.blue(majorVersion);
        String database = subject.freshDatabase("ledger");
        LedgerConfig config = installed(subject, database);
        try (LedgerWorkload workload = LedgerWorkload.start(config);
                Connection connection = subject.connect(database)) {
            awaitAcknowledged(workload, 1_000);
            workload.stop();
            LedgerReport report = workload.check().check(connection);
            assertThat(report).matches(LedgerReport::clean, "clean");
            assertThat(report.acknowledged()).isEqualTo(workload.acknowledged()).isGreaterThanOrEqualTo(1_000);
            assertThat(report.unknown()).isZero();
            assertThat(Sql.ask(connection, "select string_agg(distinct kind, ' ' order by kind) from bank.entries"))
                    .isEqualTo(Arrays.stream(OperationKind.values())
                            .filter(kind -> kind != OperationKind.ROLLBACK)
                            .map(OperationKind::name)
                            .sorted()
                            .collect(Collectors.joining(" ")));
        }
    }

    @Test
    void largeValuesAreReallyOutOfLineAndUncompressed() throws Exception {
        String database = server.freshDatabase("ledger");
        LedgerConfig config = installed(server, database);
        long bytes = (long) config.writers()
                * config.volume().documentsPerWriter()
                * config.volume().documentBytes();
        try (Connection connection = server.connect(database)) {
            for (String table : List.of("documents", "badges")) {
                String size = Sql.ask(
                        connection,
                        "select pg_relation_size(reltoastrelid) from pg_class where oid = 'bank.%s'::regclass"
                                .formatted(table));
                assertThat(Long.parseLong(size)).isGreaterThan(bytes);
            }
        }
    }

    @Test
    void whilePausedNothingIsWrittenAndAfterwardsItGoesOn() throws Exception {
        String database = server.freshDatabase("ledger");
        try (LedgerWorkload workload = LedgerWorkload.start(installed(server, database));
                Connection connection = server.connect(database)) {
            awaitAcknowledged(workload, 100);
            workload.pause();
            long acknowledged = workload.acknowledged();
            assertThat(Sql.ask(connection, "select count(*) from bank.entries")).isEqualTo(Long.toString(acknowledged));
            assertThat(Sql.ask(connection, """
                    select count(*) from pg_stat_activity
                    where application_name like 'ledger-%' and datname = current_database() and state <> 'idle'""")).isEqualTo("0");
            assertThat(workload.check().check(connection)).matches(LedgerReport::clean, "clean");
            assertThat(workload.acknowledged()).isEqualTo(acknowledged);

            workload.resume();
            awaitAcknowledged(workload, acknowledged + 100);
            assertThatThrownBy(() -> workload.check().check(connection)).isInstanceOf(IllegalStateException.class);
            workload.stop();
            assertThat(workload.check().check(connection)).matches(LedgerReport::clean, "clean");
            assertThatThrownBy(workload::resume).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void theSameSeedDoesTheSame() throws Exception {
        assertThat(contentAfterwards(42)).isEqualTo(contentAfterwards(42)).isNotEqualTo(contentAfterwards(43));
    }

    @Test
    void aRateHoldsTheWritersBackAndALimitEndsThem() throws Exception {
        String database = server.freshDatabase("ledger");
        LedgerConfig config = installed(server, database)
                .withKinds(Set.of(OperationKind.INCREMENT))
                .withOperationsPerSecond(200)
                .withOperationsMax(100);
        Instant from = Instant.now();
        try (LedgerWorkload workload = LedgerWorkload.start(config)) {
            awaitAcknowledged(workload, 100);
            assertThat(Duration.between(from, Instant.now())).isGreaterThan(Duration.ofMillis(400));
            workload.stop();
            assertThat(workload.acknowledged()).isEqualTo(100);
        }
    }

    @Test
    void anotherPaceHoldsTheWritersFromTheirNextOperationOn() throws Exception {
        String database = server.freshDatabase("ledger");
        try (LedgerWorkload workload = LedgerWorkload.start(installed(server, database))) {
            awaitAcknowledged(workload, 100);
            workload.pace(100);
            Instant from = Instant.now();
            awaitAcknowledged(workload, workload.acknowledged() + 60);
            assertThat(Duration.between(from, Instant.now())).isGreaterThan(Duration.ofMillis(400));
            workload.pace(LedgerConfig.UNLIMITED);
            awaitAcknowledged(workload, workload.acknowledged() + 100);
        }
    }

    @Test
    void aLockOnATableShowsAsAPauseOfThatLength() throws Exception {
        String database = server.freshDatabase("ledger");
        Duration length = Duration.ofMillis(300);
        try (LedgerWorkload workload = LedgerWorkload.start(installed(server, database));
                Connection connection = server.connect(database)) {
            awaitAcknowledged(workload, 100);
            Instant from = Instant.now();
            connection.setAutoCommit(false);
            Sql.run(connection, "lock table bank.entries in share row exclusive mode");
            Instant locked = Instant.now();
            Await.until(
                    "the lock was held long enough",
                    PATIENCE,
                    () -> Instant.now().isAfter(locked.plus(length)));
            connection.commit();
            awaitAcknowledged(workload, workload.acknowledged() + 100);
            workload.pause();

            Measurements measured = workload.measure(from, Instant.now());
            assertThat(measured.pauses()).hasSize(4);
            assertThat(measured.longestPause()).isGreaterThanOrEqualTo(length).isLessThan(Duration.ofSeconds(10));
            assertThat(measured.latency().longest()).isGreaterThanOrEqualTo(length);
            assertThat(measured.latency().p50()).isPositive().isLessThan(length);
            assertThat(measured.sides()).singleElement().satisfies(side -> {
                assertThat(side.side()).isEqualTo("blue");
                assertThat(side.first()).isPresent();
            });
        }
    }

    @Test
    void theJournalHoldsTheIntentBeforeTheAcknowledgement() throws Exception {
        String database = server.freshDatabase("ledger");
        LedgerConfig config = installed(server, database).withWriters(1);
        try (LedgerWorkload workload = LedgerWorkload.start(config)) {
            awaitAcknowledged(workload, 50);
            workload.stop();
            List<String> lines = Files.readAllLines(config.journal());
            List<String> acknowledged = lines.stream()
                    .filter(line -> line.contains(" acknowledged "))
                    .map(line -> line.split(" ", -1)[1])
                    .toList();
            assertThat(acknowledged).hasSize((int) workload.acknowledged());
            assertThat(acknowledged).allSatisfy(operation -> {
                List<String> story = lines.stream()
                        .filter(line -> line.split(" ", -1)[1].equals(operation))
                        .map(line -> line.split(" ", -1)[3])
                        .toList();
                assertThat(story).containsExactly("intends", "acknowledged");
            });
        }
    }

    @Test
    void tablesAndColumnsMayHaveOtherNamesAndValuesOtherForms() throws Exception {
        String database = server.freshDatabase("ledger");
        LedgerConfig config = installed(server, database);
        try (Connection connection = server.connect(database)) {
            Sql.run(
                    connection,
                    "alter table bank.accounts rename to konto",
                    "alter table bank.konto rename column balance to euros",
                    "alter table bank.konto alter column euros type numeric using euros / 100.0");
            Dialect german = new Dialect() {
                @Override
                public String table(String table) {
                    return table.equals("accounts") ? "bank.konto" : Dialect.super.table(table);
                }

                @Override
                public String column(String table, String column) {
                    return column.equals("balance") ? "euros" : column;
                }

                @Override
                public String read(String table, String column) {
                    return column.equals("balance") ? "(euros * 100)::bigint" : column(table, column);
                }

                @Override
                public String store(String table, String column, String value) {
                    return column.equals("balance") ? "(%s) / 100.0".formatted(value) : value;
                }
            };
            LedgerConfig translated = LedgerConfig.of(
                    directory.resolve("translated"), config.sides().getFirst().with(german));
            try (LedgerWorkload workload = LedgerWorkload.start(translated)) {
                awaitAcknowledged(workload, 300);
                workload.stop();
                assertThat(workload.check().check(connection, german)).matches(LedgerReport::clean, "clean");
            }
        }
    }

    private String contentAfterwards(long seed) throws Exception {
        String database = server.freshDatabase("ledger");
        LedgerConfig config =
                config(server, database).withSeed(seed).withWriters(1).withOperationsMax(200);
        try (Connection connection = server.connect(database)) {
            LedgerWorkload.install(connection, config);
            try (LedgerWorkload workload = LedgerWorkload.start(config)) {
                Await.until("all is done", PATIENCE, () -> workload.operations() == 200);
                workload.stop();
            }
            return Sql.ask(connection, """
                    select md5(string_agg(content, ' ' order by content)) from (
                        select a::text as content from bank.accounts a
                        union all select s::text from bank.slots s
                        union all select v::text from bank.visits v
                        union all select d::text from bank.documents d
                        union all select b::text from bank.badges b
                        union all select e::text from bank.entries e) as everything""");
        }
    }

    private LedgerConfig installed(PostgresServer subject, String database) throws SQLException {
        LedgerConfig config = config(subject, database);
        try (Connection connection = subject.connect(database)) {
            LedgerWorkload.install(connection, config);
        }
        return config;
    }

    private LedgerConfig config(PostgresServer subject, String database) {
        return LedgerConfig.of(directory.resolve("journal-" + database), Side.of("blue", subject, database));
    }

    private static void awaitAcknowledged(LedgerWorkload workload, long count) throws InterruptedException {
        Await.until(
                "%d operations are acknowledged".formatted(count), PATIENCE, () -> workload.acknowledged() >= count);
    }
}
