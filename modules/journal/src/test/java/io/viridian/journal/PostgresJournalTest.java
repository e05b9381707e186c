package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.postgres.Database;
import io.viridian.testkit.server.KeepServerLogs;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(KeepServerLogs.class)
final class PostgresJournalTest extends JournalContract {
    private final Database database;

    PostgresJournalTest() throws SQLException {
        database = TestDatabase.create();
    }

    @Override
    void createJournal() throws SQLException {
        ControlSchema.install(database, ControlSchema.Role.JOURNAL);
    }

    @Override
    Journal openedBy(String daemon) {
        return new PostgresJournal(database, "shop", daemon);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void whoeverWasReplacedWritesNothingMore() {
        Lease first = Lease.take(database, "shop", "one");
        Journal replaced = new PostgresJournal(database, "shop", "one").under(first);
        long written = replaced.append(0, new MigrationState.Preparing()).sequence();
        Lease second = Lease.take(database, "shop", "two");
        assertThatThrownBy(() -> replaced.append(written, new MigrationState.Backfilling()))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(FaultCode.CONFLICT))
                .hasMessageContaining("another daemon has taken the lease since; one must stop");
        Journal successor = new PostgresJournal(database, "shop", "two").under(second);
        assertThat(successor.append(written, new MigrationState.Backfilling()).sequence())
                .isEqualTo(written + 1);
    }

    /** It was committed, and its writer never heard: what it writes next follows it. */
    @Test
    void anEntryWhoseAnswerWasLostIsFollowedByTheNextOfItsWriter() {
        Lease lease = Lease.take(database, "shop", "one");
        Journal journal = new PostgresJournal(database, "shop", "one").under(lease);
        journal.append(0, new MigrationState.Preparing());
        journal.append(1, new MigrationState.Backfilling());

        assertThat(journal.append(1, new MigrationState.CatchingUp()).sequence())
                .isEqualTo(3);
        // And the answer to that one was lost, too.
        assertThat(journal.append(1, new MigrationState.CatchingUp()).sequence())
                .isEqualTo(3);
    }

    @Test
    void isEmptyWhereNothingOfOursIsInstalled() throws SQLException {
        try (Database bare = TestDatabase.create()) {
            assertThat(new PostgresJournal(bare, "shop", "one").last()).isEmpty();
        }
    }

    @Test
    void keepsMigrationsApart() {
        openedBy("one").append(0, new MigrationState.Preparing());
        assertThat(new PostgresJournal(database, "billing", "one").last()).isEmpty();
    }

    @Test
    void namesTheWinnerAndWhatItWrote() {
        openedBy("one").append(0, new MigrationState.Preparing());
        assertThatThrownBy(() -> openedBy("other").append(0, new MigrationState.Preparing()))
                .hasMessageContaining("entry 1 of the journal is already 'preparing', written by one at ")
                .hasMessageContaining("other wanted to write 'preparing' and must stop");
    }

    @Test
    void refusesAnotherProcessThatHappensToHaveTheSameName() {
        openedBy("pid 1").append(0, new MigrationState.Preparing());
        database.run(session -> session.execute("""
                alter table viridian.migration_journal disable trigger append_only;
                update viridian.migration_journal set process = 'of another container'
                """));
        assertThatThrownBy(() -> openedBy("pid 1").append(0, new MigrationState.Preparing()))
                .hasMessageContaining("written by pid 1 at ");
    }

    @Test
    void takesTheTimeFromTheServer() {
        Journal.Entry entry = openedBy("one").append(0, new MigrationState.Preparing());
        assertThat(Duration.between(entry.enteredAt(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update viridian.migration_journal set state = 'aborted'",
                "delete from viridian.migration_journal",
                "truncate viridian.migration_journal"
            })
    void historyCannotBeEditedNotEvenByItsOwner(String statement) {
        openedBy("one").append(0, new MigrationState.Preparing());
        assertThatThrownBy(() -> database.run(session -> session.execute(statement)))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("viridian.migration_journal is append-only");
    }

    @Test
    void aMisspeltStateIsRefusedByTheTable() {
        assertThatThrownBy(() -> database.run(session -> session.execute(
                        "insert into viridian.migration_journal values ('shop', 1, 'prepairing', '{}', 'me')")))
                .hasMessageContaining("migration_journal_state_check");
    }
}
