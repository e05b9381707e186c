package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.server.KeepServerLogs;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
@ParameterizedClass
@ValueSource(ints = {14, 18})
class DeferredLedgerTest {
    private final int major;

    DeferredLedgerTest(int major) {
        this.major = major;
    }

    /** Asked for once by each table that is loaded whole: a walk through all of them would make that quadratic. */
    @Test
    void whatIsPendingOfOneTableIsFoundByAnIndex() throws SQLException {
        try (TwoDatabases databases = TwoDatabases.shared(major, major)
                .onGreen("create table unrelated (id int primary key)")
                .withControlSchema()) {
            databases.onGreen("""
                    insert into viridian.deferred (migration, number, table_name, kind, name, drop_sql, create_sql, state)
                    select 'shop', n, 'public.t' || n / 3, 'INDEX', 'i' || n, '', '', 'DROPPED'
                    from generate_series(1, 9000) n
                    """);
            List<String> plan = databases
                    .green()
                    .query(session -> session.list(
                            "explain " + DeferredLedger.PENDING_OF_TABLE, row -> row.text(1), "shop", "public.t17"));
            assertThat(String.join("\n", plan)).contains("deferred_of_table").doesNotContain("Seq Scan");
        }
    }
}
