package io.viridian.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.Settings;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.ledger.Side;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code examples/shop}, as people who run them by hand find them. */
class ExampleTest {
    private static final String SHAPES = """
            select a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' '
                   || a.attnotnull || ' ' || a.attstorage || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attnum > 0 and c.relnamespace = 'bank'::regnamespace
            union all
            select conrelid::regclass || ': ' || pg_get_constraintdef(oid)
            from pg_constraint where connamespace = 'bank'::regnamespace
            order by 1
            """;

    @TempDir
    Path directory;

    @Test
    void theBankByHandIsTheBankOfTheLedger() throws SQLException {
        PostgresServer blue = SharedServers.blue(14);
        String byHand = blue.freshDatabase("bank");
        String byLedger = blue.freshDatabase("bank");
        LedgerConfig ledger = LedgerConfig.of(directory.resolve("ledger"), Side.of("blue", blue, byLedger));
        try (Connection one = blue.connect(byHand);
                Connection other = blue.connect(byLedger);
                Statement statement = one.createStatement()) {
            statement.execute(ShopFiles.read(Examples.shop().resolve("blue/bank.sql")));
            LedgerWorkload.install(other, ledger);
            assertThat(shapes(one)).isNotEmpty().isEqualTo(shapes(other));
        }
    }

    @Test
    void theEnvironmentOverridesEverythingButTheDatabases() {
        Stage stage = new Stage(ServerPair.shared(14, 18), "nowhere");
        Map<String, String> environment = Map.of(
                "VIRIDIAN_APPLY_WINDOW_ROWS", "77",
                "VIRIDIAN_BLUE_URL", "postgresql://somebody@production:5432/shop",
                "VIRIDIAN_JOURNAL_URL", "postgresql://somebody@production:5432/journal",
                "VIRIDIAN_STATE_DIR", "/var/lib/viridian");
        try (ShopFiles files = ShopFiles.prepare(Examples.shop(), stage, 7080)) {
            Settings settings =
                    ConfigurationLoader.load(files.sources(environment)).settings();
            assertThat(settings.apply().windowRows()).isEqualTo(77);
            assertThat(settings.blue().jdbcUrl()).isEqualTo(stage.blueServer().jdbcUrl("nowhere"));
            assertThat(settings.journal()).isEmpty();
            assertThat(settings.stateDir()).startsWithRaw(files.configuration().getParent());
        }
    }

    private static List<String> shapes(Connection connection) throws SQLException {
        List<String> shapes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SHAPES)) {
            while (rows.next()) {
                shapes.add(rows.getString(1));
            }
        }
        return shapes;
    }
}
