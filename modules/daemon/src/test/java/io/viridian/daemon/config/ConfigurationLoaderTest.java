package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.TablePattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLoaderTest {
    @TempDir
    Path directory;

    @Test
    void readsTheLeastThatAFileMustSayAndDefaultsTheRest() {
        Settings settings = Configured.by(directory, Configured.MINIMAL).settings();

        assertThat(settings.migration()).isEqualTo("shop-v2");
        assertThat(settings.blue().jdbcUrl()).isEqualTo("jdbc:postgresql://blue-db:5432/shop");
        assertThat(settings.blue().user()).isEqualTo("viridian");
        assertThat(settings.journal()).isEmpty();
        assertThat(settings.journalOrBlue()).isEqualTo(settings.blue());
        assertThat(settings.tables()).isEqualTo(new TableSettings(List.of(TablePattern.EVERY_TABLE), List.of()));
        assertThat(settings.schema()).isEqualTo(new SchemaSettings(SchemaSource.NONE, Optional.empty()));
        assertThat(settings.mapping()).isEmpty();
        assertThat(settings.capture()).isEqualTo(new CaptureSettings(CaptureEngine.PGOUTPUT));
        assertThat(settings.backfill())
                .isEqualTo(
                        new BackfillSettings(2, ByteSize.ofGibibytes(2), ByteSize.ofMebibytes(64), Optional.empty()));
        assertThat(settings.apply())
                .isEqualTo(new ApplySettings(
                        20_000,
                        Duration.ofMillis(50),
                        ByteSize.ofMebibytes(256),
                        directory.resolve("home/.local/state/viridian/shop-v2/spool")));
        assertThat(settings.verify())
                .isEqualTo(new VerifySettings(VerifyLevel.STANDARD, Duration.ofMinutes(10), Duration.ofHours(1)));
        assertThat(settings.protectBlue())
                .isEqualTo(new ProtectBlueSettings(
                        ByteSize.ofGibibytes(16),
                        ByteSize.ofGibibytes(64),
                        Optional.of(40),
                        Optional.of(Duration.ofSeconds(10))));
        assertThat(settings.cutover())
                .isEqualTo(new CutoverSettings(
                        CutoverMode.MANUAL,
                        CutoverFence.GUARD,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(3),
                        new CutoverWindow(Optional.empty(), Optional.empty()),
                        Duration.ofSeconds(1),
                        List.of(),
                        List.of(),
                        0,
                        new CanarySettings(Duration.ofMinutes(30), ConflictPolicy.HALT),
                        List.of()));
        assertThat(settings.protectGreen())
                .isEqualTo(new ProtectGreenSettings(ByteSize.ofGibibytes(16), ByteSize.ofGibibytes(64)));
        assertThat(settings.reverse()).isEqualTo(new ReverseSettings(true, Duration.ofHours(24)));
        assertThat(settings.http())
                .isEqualTo(new HttpSettings(
                        new HostPort("127.0.0.1", 7080), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(settings.notifications()).isEmpty();
        assertThat(settings.stateDir()).isEqualTo(directory.resolve("home/.local/state/viridian"));
        assertThat(settings.migrationDir()).isEqualTo(directory.resolve("home/.local/state/viridian/shop-v2"));
        assertThat(settings.directory()).isEqualTo(directory);
    }

    @Test
    void readsTrafficInTheOrderOfTheFile() {
        Settings settings = Configured.minimalAnd(directory, """
                        cutover:
                          traffic:
                            - file: { path: db.env, template: "DATABASE_URL={{url}}", then: ["systemctl", "reload", "shop"] }
                            - exec: { command: [./switch.sh] }
                            - clients: {}
                        """).settings();

        assertThat(settings.cutover().traffic())
                .containsExactly(
                        new TrafficSettings.FileSwitch(
                                directory.resolve("db.env"),
                                "DATABASE_URL={{url}}",
                                List.of("systemctl", "reload", "shop")),
                        new TrafficSettings.Exec(List.of("./switch.sh"), Duration.ofSeconds(5)),
                        new TrafficSettings.Clients());
    }
}
