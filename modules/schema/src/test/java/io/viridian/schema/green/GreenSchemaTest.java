package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Catalog;
import io.viridian.plan.TableShape;
import io.viridian.postgres.Database;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.server.KeepServerLogs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class GreenSchemaTest {
    private static final SchemaOrigin BLUE = new SchemaOrigin.Blue();

    /** What a user can see of a schema, one line each; the text of views is printed differently by every version. */
    private static final String OBJECTS = """
            select n.nspname || '.' || p.proname || ': ' || pg_get_functiondef(p.oid)
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'app'
            union all select 'index ' || pg_get_indexdef(i.indexrelid) from pg_index i
            join pg_class c on c.oid = i.indrelid where c.relnamespace = to_regnamespace('app')
            union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
            where connamespace = to_regnamespace('app') and contype <> 'n'
            union all select 'rule ' || pg_get_ruledef(r.oid) from pg_rewrite r
            join pg_class c on c.oid = r.ev_class where c.relnamespace = to_regnamespace('app') and c.relkind = 'r'
            union all select 'view ' || relname || relkind::text from pg_class
            where relnamespace = to_regnamespace('app') and relkind in ('v', 'm')
            union all select 'comment ' || objoid::regclass || description from pg_description
            where classoid = 'pg_class'::regclass and objoid::regclass::text like 'app.%'
            union all select 'trigger ' || tgname || tgenabled::text from pg_trigger where not tgisinternal
                                                                                and tgname not like '!viridian%'
            union all select 'extension ' || extname from pg_extension
            order by 1
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"14, 18", "15, 17"})
    void greenLooksLikeBlueAndHoldsNothingOfOurs(int blueMajor, int greenMajor) throws Exception {
        InstalledPgDump.require(blueMajor);
        try (TwoDatabases databases = shop(blueMajor, greenMajor)) {
            schema(databases).apply(BLUE);
            assertThat(TwoDatabases.texts(databases.green(), OBJECTS))
                    .isEqualTo(TwoDatabases.texts(databases.blue(), OBJECTS));
            assertThat(shapes(databases.green())).isEqualTo(shapes(databases.blue()));
            assertThat(
                            TwoDatabases.texts(
                                    databases.green(),
                                    "select tgname from pg_trigger where tgname ~ 'viridian' union all select evtname from pg_event_trigger"))
                    .isEmpty();
        }
    }

    @Test
    void applyingTwiceChangesNothing() throws Exception {
        InstalledPgDump.require(15);
        try (TwoDatabases databases = shop(15, 17)) {
            schema(databases).apply(BLUE);
            databases.onGreen("drop view app.rich");
            schema(databases).apply(BLUE);
            assertThat(TwoDatabases.texts(databases.green(), "select to_regclass('app.rich')"))
                    .containsExactly("null");
        }
    }

    @Test
    void aStatementThatGreenRefusesIsNamedAndNothingStays() throws Exception {
        InstalledPgDump.require(15);
        try (TwoDatabases databases = shop(15, 17).onGreen("create table public.app_was_here ()")) {
            databases.onGreen("create schema app; create table app.customer ()");
            assertThatThrownBy(() -> schema(databases).apply(BLUE))
                    .isInstanceOfSatisfying(FaultException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FaultCode.SCHEMA_FAILED);
                        assertThat(failure.fault().sqlState()).isEqualTo("42P06");
                    })
                    .hasMessageContaining("blue's schema does not go onto green at 'CREATE SCHEMA app'")
                    .hasMessageContaining("schema \"app\" already exists");
            assertThat(prepared(databases)).isEmpty();
            databases.onGreen("drop schema app cascade");
            schema(databases).apply(BLUE);
            assertThat(prepared(databases)).containsExactly("blue");
        }
    }

    @Test
    void aCrashInTheMiddleLeavesNothingAndAskingAgainCompletesIt() throws Exception {
        InstalledPgDump.require(15);
        try (TwoDatabases databases = shop(15, 17).onGreen("""
                create function die() returns event_trigger language plpgsql as $$
                begin
                    if to_regclass('app.event') is not null then
                        perform pg_terminate_backend(pg_backend_pid());
                    end if;
                end $$;
                create event trigger die on ddl_command_end execute function die()
                """)) {
            assertThatThrownBy(() -> schema(databases).apply(BLUE)).isInstanceOf(FaultException.class);
            assertThat(TwoDatabases.texts(databases.green(), "select to_regnamespace('app')"))
                    .containsExactly("null");
            assertThat(prepared(databases)).isEmpty();

            databases.onGreen("drop event trigger die; drop function die()");
            schema(databases).apply(BLUE);
            assertThat(TwoDatabases.texts(databases.green(), OBJECTS))
                    .isEqualTo(TwoDatabases.texts(databases.blue(), OBJECTS));
        }
    }

    @Test
    void ofTwoDaemonsOneAppliesItAndTheOtherFindsItDone() throws Exception {
        InstalledPgDump.require(15);
        try (TwoDatabases databases = shop(15, 17);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> both = threads.invokeAll(List.of(
                    () -> {
                        schema(databases).apply(BLUE);
                        return true;
                    },
                    () -> {
                        schema(databases).apply(BLUE);
                        return true;
                    }));
            for (Future<Boolean> one : both) {
                assertThat(one.get()).isTrue();
            }
        }
    }

    @Test
    void aPgDumpOlderThanBlueIsRefusedBeforeAnythingHappens() throws Exception {
        try (TwoDatabases databases = TwoDatabases.shared(16, 17).withControlSchema()) {
            GreenSchema schema = new GreenSchema(databases.blue(), databases.green(), "shop", List.of(directory));
            assertThatThrownBy(() -> schema.apply(BLUE))
                    .hasMessageContaining("SCHEMA_FAILED")
                    .hasMessageContaining("blue runs PostgreSQL 16");
            assertThat(prepared(databases)).isEmpty();
        }
    }

    @Test
    void whatPgDumpSaysWhenItFailsReachesTheOperator() throws Exception {
        InstalledPgDump.require(15);
        try (TwoDatabases databases = TwoDatabases.shared(15, 17).withControlSchema();
                Database gone = TwoDatabases.open(
                        io.viridian.plan.Side.BLUE,
                        io.viridian.testkit.server.SharedServers.blue(15),
                        "gone",
                        "postgres")) {
            PgDump dump = PgDump.find(InstalledPgDump.PLACES, 15, 17);
            assertThatThrownBy(() -> dump.schemaOf(gone.endpoint()))
                    .hasMessageContaining("database \"gone\" does not exist");
            assertThat(prepared(databases)).isEmpty();
        }
    }

    @Test
    void greenIsTakenAsItIsWhenNobodyIsToCreateIt() throws Exception {
        try (TwoDatabases databases = TwoDatabases.shared(15, 17).withControlSchema()) {
            schema(databases).apply(new SchemaOrigin.None());
            assertThat(prepared(databases)).containsExactly("none");
            assertThat(shapes(databases.green())).isEmpty();
        }
    }

    @Test
    void anotherOriginThanAtTheBeginningIsRefused() throws Exception {
        try (TwoDatabases databases = TwoDatabases.shared(15, 17).withControlSchema()) {
            schema(databases).apply(new SchemaOrigin.None());
            assertThatThrownBy(() -> schema(databases).apply(BLUE))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FaultCode.PLAN_CHANGED))
                    .hasMessageContaining("prepared from none, and schema.from is now blue");
        }
    }

    private static GreenSchema schema(TwoDatabases databases) {
        return new GreenSchema(databases.blue(), databases.green(), "shop", InstalledPgDump.PLACES);
    }

    private static TwoDatabases shop(int blueMajor, int greenMajor) throws SQLException, IOException {
        try (InputStream sql = Objects.requireNonNull(GreenSchemaTest.class.getResourceAsStream("shop.sql"))) {
            TwoDatabases databases = TwoDatabases.shared(blueMajor, greenMajor).withControlSchema();
            SqlScript.statements(new String(sql.readAllBytes(), StandardCharsets.UTF_8))
                    .forEach(databases::onBlue);
            return databases;
        }
    }

    private static List<String> prepared(TwoDatabases databases) {
        return TwoDatabases.texts(databases.green(), "select source from viridian.prepared");
    }

    private static List<String> shapes(Database database) {
        Catalog catalog = database.query(CatalogReader::read);
        return catalog.tables().stream()
                .map((TableShape table) ->
                        table.name() + " " + table.columns() + " " + table.primaryKey() + " " + table.partitions())
                .toList();
    }
}
