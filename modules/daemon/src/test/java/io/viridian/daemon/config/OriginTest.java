package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.TablePattern;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginTest {
    @TempDir
    Path directory;

    private static String shown(Configuration configuration, String key) {
        ShownValue value = configuration.values().stream()
                .filter(line -> line.key().equals(key))
                .findFirst()
                .orElseThrow();
        return value.value().orElse("-") + " from " + value.origin();
    }

    @Test
    void flagsOverrideVariablesAndVariablesOverrideTheFile() {
        Configured configured = Configured.minimalAnd(directory, """
                        backfill:
                          workers: 3
                          chunk-bytes: 32MiB
                          max-rate: 100MiB/s
                        """)
                .environment("VIRIDIAN_BACKFILL_WORKERS", "4")
                .environment("VIRIDIAN_BACKFILL_CHUNK_BYTES", "16MiB")
                .flag("backfill.workers", "5");
        Configuration configuration = configured.load();

        assertThat(configuration.settings().backfill())
                .isEqualTo(new BackfillSettings(
                        5, ByteSize.ofGibibytes(2), ByteSize.ofMebibytes(16), Optional.of(ByteRate.parse("100MiB/s"))));
        assertThat(shown(configuration, "backfill.workers")).isEqualTo("5 from flag");
        assertThat(shown(configuration, "backfill.chunk-bytes"))
                .isEqualTo("16MiB from env VIRIDIAN_BACKFILL_CHUNK_BYTES");
        assertThat(shown(configuration, "backfill.max-rate"))
                .isEqualTo("100MiB/s from " + directory.resolve("viridian.yaml") + ":9");
        assertThat(shown(configuration, "backfill.whole-table-up-to")).isEqualTo("2GiB from default");
        assertThat(shown(configuration, "mapping")).isEqualTo("- from default");
        assertThat(shown(configuration, "state-dir"))
                .isEqualTo(directory.resolve("home/.local/state/viridian") + " from default");
    }

    @Test
    void everyKeyIsShownOnceInTheOrderOfTheFile() {
        Configuration configuration =
                Configured.by(directory, Configured.MINIMAL).load();

        assertThat(configuration.values())
                .extracting(ShownValue::key)
                .containsExactlyElementsOf(ConfigurationKeys.list().stream()
                        .filter(key -> !key.insideList())
                        .map(ConfigurationKey::path)
                        .toList());
    }

    @Test
    void elementsOfListsAreShownWithTheirNumber() {
        Configuration configuration = Configured.minimalAnd(
                        directory, "cutover: { traffic: [ clients: {}, exec: { command: [./switch.sh, now] } ] }\n")
                .load();

        assertThat(shown(configuration, "cutover.traffic[1].exec.command"))
                .startsWith("[./switch.sh, now] from ")
                .endsWith("viridian.yaml:6");
    }

    @Test
    void secretsAreShownAsStarsAndReferencesAsWritten() {
        Configuration configuration = Configured.by(directory, """
                        migration: shop-v2
                        blue: { url: "postgresql://ann@blue-db/shop", password: "${env:WORD}" }
                        green: { url: "postgresql://ann:hunter2@green-db/shop" }
                        """)
                .environment("WORD", "hunter2")
                .environment("VIRIDIAN_JOURNAL_URL", "postgresql://ann@control-db/viridian")
                .environment("VIRIDIAN_JOURNAL_PASSWORD", "hunter2")
                .load();

        assertThat(shown(configuration, "blue.password")).startsWith("${env:WORD} from ");
        assertThat(shown(configuration, "green.url")).startsWith("postgresql://ann:****@green-db/shop from ");
        assertThat(shown(configuration, "journal.password")).isEqualTo("**** from env VIRIDIAN_JOURNAL_PASSWORD");
    }

    @Test
    void everythingMayComeFromTheEnvironment() {
        Settings settings = ConfigurationLoader.load(new ConfigurationSources(
                        Optional.empty(),
                        Map.of(
                                "VIRIDIAN_MIGRATION", "shop-v2",
                                "VIRIDIAN_BLUE_URL", "postgresql://ann@blue-db/shop",
                                "VIRIDIAN_GREEN_URL", "postgresql://ann@green-db/shop",
                                "VIRIDIAN_TABLES_INCLUDE", "public.*, sales.orders",
                                "VIRIDIAN_TABLES_EXCLUDE", "",
                                "VIRIDIAN_PROTECT_BLUE_MAX_LOAD_ACTIVE_SESSIONS", "none",
                                "VIRIDIAN_MAPPING", "mapping.yaml",
                                "XDG_STATE_HOME", "/var/state"),
                        Map.of(),
                        directory,
                        directory.resolve("home"),
                        true))
                .settings();

        assertThat(settings.tables().include())
                .containsExactly(new TablePattern("public", "*"), new TablePattern("sales", "orders"));
        assertThat(settings.tables().exclude()).isEmpty();
        assertThat(settings.protectBlue().maxActiveSessions()).isEmpty();
        assertThat(settings.mapping()).contains(directory.resolve("mapping.yaml"));
        assertThat(settings.stateDir()).isEqualTo(Path.of("/var/state/viridian"));
        assertThat(settings.apply().spoolDir()).isEqualTo(Path.of("/var/state/viridian/shop-v2/spool"));
        assertThat(settings.directory()).isEqualTo(directory);
    }

    @Test
    void relativePathsStartWhereTheyWereWritten() {
        Settings settings = Configured.minimalAnd(directory, "mapping: in-file.yaml\n")
                .environment("VIRIDIAN_STATE_DIR", "in-environment")
                .flag("apply.spool-dir", "in-flag")
                .settings();

        assertThat(settings.mapping()).contains(directory.resolve("in-file.yaml"));
        assertThat(settings.stateDir()).isEqualTo(directory.resolve("work/in-environment"));
        assertThat(settings.apply().spoolDir()).isEqualTo(directory.resolve("work/in-flag"));
    }

    @Test
    void aFileNamedRelativelyIsFoundFromTheWorkingDirectory() {
        Configured.write(directory, "etc/viridian.yaml", Configured.MINIMAL + "mapping: mapping.yaml\n");

        Settings settings = ConfigurationLoader.load(new ConfigurationSources(
                        Optional.of(Path.of("etc/viridian.yaml")), Map.of(), Map.of(), directory, directory, true))
                .settings();

        assertThat(settings.mapping()).contains(directory.resolve("etc/mapping.yaml"));
        assertThat(settings.directory()).isEqualTo(directory.resolve("etc"));
    }

    @Test
    void anyValueMayBeAReference() {
        Configured.write(directory, "workers", "6\n");

        Settings settings = Configured.minimalAnd(
                        directory, "backfill: { workers: '${file:workers}' }\ntables: { include: ['${env:ONE}.*'] }\n")
                .environment("ONE", "sales")
                .settings();

        assertThat(settings.backfill().workers()).isEqualTo(6);
        assertThat(settings.tables().include()).containsExactly(new TablePattern("sales", "*"));
    }

    @Test
    void noTwoKeysShareAVariable() {
        assertThat(ConfigurationKeys.list().stream()
                        .filter(key -> !key.insideList())
                        .map(ConfigurationKey::variable))
                .doesNotHaveDuplicates()
                .contains("VIRIDIAN_BLUE_URL", "VIRIDIAN_BACKFILL_WORKERS", "VIRIDIAN_CUTOVER_WINDOW_NOT_BEFORE")
                .doesNotContainAnyElementsOf(GivenValues.PROCESS_VARIABLES);
    }
}
