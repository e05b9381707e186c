package io.viridian.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.testkit.Await;
import io.viridian.testkit.Sql;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One run, and a copy of its database for each way to break it. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(KeepServerLogs.class)
final class LedgerCheckTest {

    private final PostgresServer server = SharedServers.blue(18);
    private LedgerWorkload workload;
    private String original;

    LedgerCheckTest(@TempDir Path directory) throws SQLException {
        original = server.freshDatabase("sound");
        LedgerConfig config = LedgerConfig.of(directory.resolve("journal"), Side.of("blue", server, original));
        try (Connection connection = server.connect(original)) {
            LedgerWorkload.install(connection, config);
        }
        workload = LedgerWorkload.start(config);
    }

    @BeforeAll
    void runTheWorkloadOnce() throws Exception {
        Await.until("enough has happened", Duration.ofSeconds(60), () -> workload.acknowledged() >= 500);
        workload.stop();
    }

    @AfterAll
    void close() {
        workload.close();
    }

    @Test
    void aSoundDatabaseIsCleanHoweverOftenItIsAsked() throws SQLException {
        try (Connection connection = server.connect(original)) {
            assertThat(workload.check().check(connection)).matches(LedgerReport::clean, "clean");
            assertThat(workload.check().check(connection)).matches(LedgerReport::clean, "clean");
        }
    }

    @Test
    void anAcknowledgedEntryThatIsMissingIsLost() throws SQLException {
        LedgerReport report = checkAfter("""
                delete from bank.entries where op_id = (select min(op_id) from bank.entries)""");
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.violationCount()).isZero();
        assertThat(report.clean()).isFalse();
    }

    @Test
    void anEntryThatIsThereTwiceIsDoubled() throws SQLException {
        LedgerReport report = checkAfter("""
                alter table bank.entries drop constraint entries_pkey;
                insert into bank.entries select * from bank.entries order by op_id limit 2""");
        assertThat(report.doubled()).isEqualTo(2);
        assertThat(report.lost() + report.invented() + report.violationCount()).isZero();
    }

    @Test
    void anEntryNobodyEverBeganIsInvented() throws SQLException {
        LedgerReport report = checkAfter("""
                insert into bank.entries (op_id, writer, kind) values (7, 0, 'X'), ((9::bigint << 32) + 1, 8, 'X')""");
        assertThat(report.invented()).isEqualTo(2);
    }

    @Test
    void anEntryOfAnOperationThatWasRolledBackIsInvented() throws SQLException {
        WriterLedger ledger = workload.writers().getFirst().ledger();
        long rolledBack = 1;
        while (ledger.outcome(ledger.operation((int) rolledBack)) != Outcome.ROLLED_BACK) {
            rolledBack++;
        }
        LedgerReport report = checkAfter("insert into bank.entries (op_id, writer, kind) values (%d, 0, 'ROLLBACK')"
                .formatted(ledger.operation((int) rolledBack)));
        assertThat(report.invented()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            update bank.accounts set balance = balance + 1 where id = 3                   | accounts 3: expected
            update bank.accounts set balance = balance + 1 where id = 3                   | the accounts sum up to
            delete from bank.accounts where id = 80                                       | accounts 80 is missing
            insert into bank.accounts values (81, 0, 0)                                   | accounts 81 must not exist
            update bank.counters set value = value + 1 where id = 1                       | counters 1: expected
            update bank.slots set token = 4711 where id = 1                               | slots 1: expected
            insert into bank.slots values (-1, 99)                                        | slots -1 must not exist
            update bank.documents set body = concat(body, 'x') where id = 2 | documents 2: expected
            update bank.documents set body = 'unavailable' where id = 2                   | documents 2: expected
            update bank.documents set title = 'lost update' where id = 2                  | documents 2: expected
            delete from bank.documents where id = 2                                       | documents 2 is missing
            update bank.badges set code = code + 1000 where holder = 3                    | badges 3: expected
            update bank.badges set portrait = '' where holder = 3                         | badges 3: expected
            insert into bank.badges values (1, 3, 0, '')                                  | badges 3 is there twice
            delete from bank.visits where id = (select min(id) from bank.visits)          | is missing, expected
            update bank.visits set note = 'x' where id = (select min(id) from bank.visits) | found
            insert into bank.visits select n, 0, 'visit 0' from generate_series(1, 80) n on conflict do nothing \
                                                                                          | must not exist, found
            update bank.entries set ticket = 1                                            | were handed out again
            """)
    void aRowThatIsNotAsItsLastWriterLeftItIsAViolation(String statement, String words) throws SQLException {
        LedgerReport report = checkAfter(statement);
        assertThat(report.violations())
                .anySatisfy(violation -> assertThat(violation).contains(words));
        assertThat(report.violationCount()).isPositive();
        assertThat(report.clean()).isFalse();
        assertThat(report.lost() + report.doubled() + report.invented()).isZero();
    }

    @Test
    void allViolationsAreCountedAndTheFirstAreSaid() throws SQLException {
        LedgerReport report = checkAfter("update bank.counters set value = value + 1");
        assertThat(report.violationCount()).isEqualTo(80);
        assertThat(report.violations()).hasSize(20);
    }

    private LedgerReport checkAfter(String statements) throws SQLException {
        String copy = original + "_copy";
        server.execute("drop database if exists " + copy);
        server.execute("create database %s template %s".formatted(copy, original));
        try (Connection connection = server.connect(copy)) {
            Sql.run(connection, statements);
            return workload.check().check(connection);
        }
    }
}
