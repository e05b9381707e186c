package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is printed, no password is in it. */
class SecrecyTest {
    private static final String PASSWORD = "hunter2";
    private static final String EVERYWHERE = """
            migration: shop-v2
            blue: { url: "postgresql://ann:hunter2@blue-db/shop?sslpassword=hunter2" }
            green: { url: "postgresql://ann@green-db/shop", password: "${env:WORD}" }
            journal: { url: "postgresql://control-db/viridian?user=ann&password=hunter2" }
            cutover:
              probe: ["postgresql://ann:hunter2@pooler/shop"]
              traffic:
                - pgbouncer: { admin-url: "postgresql://ann:hunter2@pooler/pgbouncer", config-file: a, database: b }
                - webhook: { url: "https://ann:hunter2@hooks.example.org/hunter2?key=hunter2", secret-file: hook.key }
            notify:
              - webhook: { url: "https://hooks.example.org/hunter2", secret-file: hook.key }
            """;

    @TempDir
    Path directory;

    private Configured everywhere(String more) {
        return Configured.by(directory, EVERYWHERE + more)
                .environment("WORD", PASSWORD)
                .environment("PGPASSWORD", PASSWORD);
    }

    @Test
    void aSecretPrintsAsStars() {
        assertThat(new Secret(PASSWORD)).hasToString("****");
        assertThat("" + new Secret(PASSWORD)).isEqualTo("****");
        assertThat(new Secret(PASSWORD)).isEqualTo(new Secret(PASSWORD)).isNotEqualTo(new Secret("other"));
    }

    @Test
    void notInTheSettingsNorTheShownValues() {
        ConfigurationSources sources = everywhere("").sources();
        ConfigurationLoader.Reading reading = ConfigurationLoader.read(sources);
        Settings settings = reading.settings().orElseThrow();

        assertThat(settings.blue().password()).contains(new Secret(PASSWORD));
        assertThat(settings.green().password()).contains(new Secret(PASSWORD));
        assertThat(settings.toString()).contains("****").doesNotContain(PASSWORD);
        assertThat(reading.toString()).contains("****").doesNotContain(PASSWORD);
        assertThat(reading.problems().text()).contains("hooks.example.org").doesNotContain(PASSWORD);
        assertThat(sources.toString()).doesNotContain(PASSWORD);
        assertThat(settings.blue().displayName() + settings.blue().jdbcUrl()).doesNotContain(PASSWORD);
    }

    @Test
    void notInTheExceptionNorItsCauses() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, everywhere("backfill: { workers: 0 }\n")::load);

        assertThat(refused).hasMessageContaining("backfill.workers");
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(PASSWORD);
        }
        assertThat(refused.fault().sentence()).doesNotContain(PASSWORD);
        assertThat(refused.problems().toString()).doesNotContain(PASSWORD);
    }

    @Test
    void notInWhatIsWrongWithTheirOwnKeys() {
        Configured configured = Configured.by(directory, """
                        migration: shop-v2
                        blue: { url: "postgresql://ann:hunter2@blue-db:port/shop" }
                        green: { url: "postgres//ann:hunter2@green-db/shop", password: hunter2 }
                        journal: { url: [ "postgresql://ann:hunter2@blue-db:port/shop" ] }
                        cutover: { probe: [ "postgresql://ann:hunter2@pooler:port/shop" ] }
                        notify:
                          - webhook: { url: "hooks.example.org/hunter2", secret-file: hook.key }
                        """).environment("VIRIDIAN_GREEN_PASSWORD_FILE", "absent");

        assertThat(configured.refusals()).hasSizeGreaterThanOrEqualTo(4).noneMatch(line -> line.contains(PASSWORD));
    }
}
