package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.journal.ControlSchema.Role;
import io.viridian.migration.Consent;
import io.viridian.postgres.Database;
import io.viridian.testkit.server.KeepServerLogs;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class ConsentLogTest {
    private static final Instant NOW = Instant.parse("2026-12-01T02:00:00Z");

    private Database database;
    private ConsentLog log;

    @BeforeEach
    void install() throws SQLException {
        database = TestDatabase.create();
        ControlSchema.install(database, Role.JOURNAL);
        log = new ConsentLog(database, "shop");
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private static Consent override(String operation, boolean given) {
        return new Consent(
                0,
                Consent.Kind.OVERRIDE,
                "tx.longest",
                given,
                "the batch job waits for us",
                "ada",
                NOW,
                NOW.plusSeconds(3600),
                "1f2e",
                7,
                operation);
    }

    @Test
    void whatWasSaidIsReadBackInItsOrder() {
        log.append(override("op-1", true));
        log.append(override("op-2", false));
        new ConsentLog(database, "another").append(override("op-3", true));

        assertThat(log.newest(10))
                .extracting(Consent::number, Consent::given)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, true), org.assertj.core.groups.Tuple.tuple(2L, false));
        assertThat(log.newest(10).getFirst())
                .usingRecursiveComparison()
                .ignoringFields("number")
                .isEqualTo(override("op-1", true));
        assertThat(log.newest(1)).extracting(Consent::number).containsExactly(2L);
    }

    @Test
    void anOperationThatIsTakenUpAgainHasSpokenOnce() {
        log.append(override("op-1", true));
        assertThat(log.append(override("op-1", true)).number()).isEqualTo(1);
        assertThat(log.newest(10)).hasSize(1);
    }

    @Test
    void nobodyCanEditIt() {
        log.append(override("op-1", true));
        for (String edit : new String[] {
            "update viridian.consent set reason = 'nothing'",
            "delete from viridian.consent",
            "truncate viridian.consent"
        }) {
            assertThatThrownBy(() -> database.run(session -> session.execute(edit)))
                    .hasMessageContaining("append-only");
        }
    }
}
