package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.viridian.feed.CaptureLimits;
import io.viridian.plan.Finding;
import io.viridian.plan.TableName;
import io.viridian.schema.TwoDatabases;
import io.viridian.schema.check.CheckContext;
import io.viridian.schema.check.Intent;
import io.viridian.schema.check.Preflight;
import io.viridian.testkit.server.KeepServerLogs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that others made up: checked, copied, stripped and dressed again. Only their schemas matter here. */
@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class SampleDatabasesTest {
    private static final String DEFINITIONS = """
            select pg_get_indexdef(indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
            where c.relnamespace = 'public'::regnamespace
            union all
            select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
            from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'
            order by 1
            """;

    @ParameterizedTest
    @ValueSource(strings = {"chinook", "northwind", "world", "french-towns"})
    void areCopiedAndComeThroughTheLoadUnchanged(String sample) throws Exception {
        InstalledPgDump.require(15);
        try (TwoDatabases databases = TwoDatabases.shared(15, 17)) {
            schemaOf(sample).forEach(databases::onBlue);
            // World's tables have no key everywhere; that is what the check would refuse first.
            databases.onBlue("""
                    do $$ declare t regclass; begin
                        for t in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
                            and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)
                        loop execute format('alter table %s replica identity full', t); end loop;
                    end $$""");
            CheckContext context = new CheckContext(
                    databases.blue(),
                    databases.green(),
                    databases.plan(false),
                    new Intent(new SchemaOrigin.Blue(), false, CaptureLimits.none("pgoutput"), false, false),
                    InstalledPgDump.PLACES);
            assertThat(Preflight.run(context)).noneMatch(Finding::refuses);

            databases.withControlSchema();
            new GreenSchema(databases.blue(), databases.green(), "shop", InstalledPgDump.PLACES)
                    .apply(new SchemaOrigin.Blue());
            List<String> blue = TwoDatabases.texts(databases.blue(), DEFINITIONS);
            assertThat(TwoDatabases.texts(databases.green(), DEFINITIONS)).isEqualTo(blue);

            DeferredObjects deferred = new DeferredObjects(databases.green(), "shop");
            Set<TableName> targets = databases.plan().plan().forward().stream()
                    .map(route -> route.target())
                    .collect(Collectors.toSet());
            deferred.defer(databases.plan().plan().forward(), targets);
            assertThat(TwoDatabases.texts(
                            databases.green(), "select indexname from pg_indexes where schemaname = 'public'"))
                    .isEmpty();
            databases.green().run(session -> targets.forEach(target -> deferred.buildKey(session, target)));
            deferred.buildRemaining(2, BuildProgress.NONE);
            assertThat(TwoDatabases.texts(databases.green(), DEFINITIONS)).isEqualTo(blue);
        }
    }

    private static List<String> schemaOf(String sample) throws Exception {
        Path file = samples().resolve(sample + ".sql");
        assumeTrue(Files.isReadable(file), "skipped: the sample databases are not in " + samples());
        String script = Files.readString(file, StandardCharsets.ISO_8859_1)
                .replaceAll("(?s)COPY [^;]+FROM stdin;.*?\n\\\\\\.\n", "");
        return SqlScript.statements(script).stream()
                .filter(statement -> Stream.of(
                                "create database", "drop database", "insert", "begin", "commit", "set ", "analyze")
                        .noneMatch(word -> statement.toLowerCase(Locale.ROOT).startsWith(word)))
                .toList();
    }

    /** Beside the checkout, whichever worktree this is. */
    private static Path samples() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/samples"))) {
            folder = folder.getParent();
        }
        return folder == null ? Path.of("../shared/samples") : folder.resolve("shared/samples");
    }
}
