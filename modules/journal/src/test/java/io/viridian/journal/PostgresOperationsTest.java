package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.postgres.Database;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresOperationsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private Database database;
    private PostgresOperations operations;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestDatabase.create();
        ControlSchema.install(database, ControlSchema.Role.JOURNAL);
        operations = new PostgresOperations(database, "shop");
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void givesBackAnOperationWithAllItsData() {
        Operation asked = asked("op-1");
        operations.save(asked);
        assertThat(operations.find("op-1")).contains(asked);
        assertThat(operations.find("op-2")).isEmpty();
    }

    @Test
    void aLaterFormReplacesWhatCameOutAndNothingElse() {
        Operation asked = asked("op-1");
        operations.save(asked);
        Operation done = asked.running(NOON.plusSeconds(1))
                .finished(Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "84"), NOON.plusSeconds(2));
        operations.save(done);
        operations.save(done);
        assertThat(operations.recent(10)).containsExactly(done);
    }

    @Test
    void listsWhatIsNotFinishedOldestFirst() {
        operations.save(asked("op-1"));
        operations.save(asked("op-2").finished(Operation.Status.UNDONE, Map.of(), NOON));
        operations.save(asked("op-3").running(NOON));
        operations.save(asked("op-1").running(NOON));
        assertThat(operations.unfinished()).extracting(Operation::id).containsExactly("op-1", "op-3");
    }

    @Test
    void listsTheRecentNewestFirst() {
        operations.save(asked("op-b"));
        operations.save(asked("op-a"));
        operations.save(asked("op-c"));
        assertThat(operations.recent(2)).extracting(Operation::id).containsExactly("op-c", "op-a");
    }

    @Test
    void keepsMigrationsApart() {
        operations.save(asked("op-1"));
        PostgresOperations others = new PostgresOperations(database, "billing");
        assertThat(others.recent(10)).isEmpty();
        assertThat(others.find("op-1")).isEmpty();
    }

    private static Operation asked(String id) {
        return new Operation(
                id,
                Operation.Type.CUTOVER,
                Map.of("plan", "a1b2", "note", "with \"quotes\" and ümlauts"),
                "planned window",
                "ada",
                Operation.Status.PENDING,
                Map.of(),
                NOON,
                Optional.empty(),
                Optional.empty());
    }
}
