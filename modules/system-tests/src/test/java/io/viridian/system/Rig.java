package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.control.MigrationControl;
import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.engine.ViridianDaemon;
import io.viridian.fault.Failpoints;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A blue and a green database on real servers, a configuration, and a daemon in this process that can be let die. */
final class Rig implements AutoCloseable {
    final PostgresServer blue;
    final PostgresServer green;
    final String blueDatabase;
    final String greenDatabase;
    final Path directory;
    final String migration;
    Failpoints failpoints = Failpoints.NONE;
    private Settings settings;
    private Optional<ViridianDaemon> daemon = Optional.empty();

    Rig(ServerPair pair, Path directory, String extra) throws SQLException, IOException {
        this.blue = pair.blue();
        this.green = pair.green();
        this.directory = directory;
        this.blueDatabase = blue.freshDatabase("shop");
        this.greenDatabase = green.freshDatabase("shop");
        this.migration = "m" + Integer.toHexString(System.identityHashCode(this));
        configure(extra);
    }

    void configure(String extra) throws IOException {
        Path file = directory.resolve("viridian.yaml");
        Files.writeString(
                file,
                """
                migration: %s
                blue:
                  url: %s
                green:
                  url: %s
                state-dir: %s
                http:
                  listen: 127.0.0.1:0
                """.formatted(migration, blue.url(blueDatabase), green.url(greenDatabase), directory.resolve("state"))
                        + extra);
        settings = ConfigurationLoader.load(
                        new ConfigurationSources(Optional.of(file), Map.of(), Map.of(), directory, directory, true))
                .settings();
    }

    void onBlue(String sql) throws SQLException {
        try (Connection connection = blue.connect(blueDatabase);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void onGreen(String sql) throws SQLException {
        try (Connection connection = green.connect(greenDatabase);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    ViridianDaemon start() throws InterruptedException {
        ViridianDaemon started = new ViridianDaemon(settings, failpoints, Clock.system());
        daemon = Optional.of(started);
        started.start();
        return started;
    }

    MigrationControl control() {
        return daemon.orElseThrow().control();
    }

    void awaitState(StateName wanted) throws InterruptedException {
        Await.until("state " + wanted, Duration.ofSeconds(60), () -> {
            StateName now = StateName.of(daemon.orElseThrow().state());
            if (now == StateName.HALTED && wanted != StateName.HALTED) {
                throw new AssertionError("halted: " + control().view().fault());
            }
            return now == wanted;
        });
    }

    Operation run(Operation.Type type) throws InterruptedException {
        Operation asked = control().submit(new MigrationControl.Request(type, Map.of(), "test", "tester", ""));
        Await.until(
                type + " finished",
                Duration.ofSeconds(60),
                () -> control()
                        .operation(asked.id())
                        .filter(one -> one.status().isFinal())
                        .isPresent());
        return control().operation(asked.id()).orElseThrow();
    }

    boolean running() {
        return daemon.isPresent();
    }

    MigrationState state() {
        return daemon.orElseThrow().state();
    }

    /** Cuts every connection of the daemon, as its death would. */
    void die() {
        daemon.ifPresent(ViridianDaemon::die);
    }

    /** What is on both servers. */
    List<ServerSnapshot> snapshots() throws SQLException {
        return List.of(ServerSnapshot.of(blue, blueDatabase), ServerSnapshot.of(green, greenDatabase));
    }

    /** Fails for anything of ours that was not there before. */
    void assertNothingLeft(List<ServerSnapshot> before, Duration patience) throws Exception {
        assertThat(ServerSnapshot.leftovers(before.getFirst(), blue, blueDatabase, patience))
                .filteredOn(line -> line.contains("viridian"))
                .as("left on blue")
                .isEmpty();
        assertThat(ServerSnapshot.leftovers(before.getLast(), green, greenDatabase, patience))
                .filteredOn(line -> line.contains("viridian"))
                .as("left on green")
                .isEmpty();
    }

    /** Stops the daemon as a signal would. */
    void stop() {
        daemon.ifPresent(ViridianDaemon::close);
        daemon = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }
}
