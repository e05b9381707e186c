package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.daemon.config.Settings;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A fresh database on a blue and on a green server, and the configuration of a migration between them. */
final class Rig {
    /** A walsender notices within seconds that its client has gone; a machine under load takes longer. */
    private static final Duration TRACES_GO_WITHIN = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final PostgresServer blue;
    final PostgresServer green;
    final String blueDatabase;
    final String greenDatabase;
    final Path directory;
    final String migration = "m" + NUMBER.incrementAndGet();
    private String blueUrl;
    private String greenUrl;
    private String extra = "";

    Rig(ServerPair pair, Path directory) throws SQLException {
        this.blue = pair.blue();
        this.green = pair.green();
        this.directory = directory;
        this.blueDatabase = blue.freshDatabase("shop");
        this.greenDatabase = green.freshDatabase("shop");
        this.blueUrl = blue.url(blueDatabase);
        this.greenUrl = green.url(greenDatabase);
        write();
    }

    /** Lets the daemon connect elsewhere: through a proxy, as somebody else. */
    Rig urls(String toBlue, String toGreen) {
        blueUrl = toBlue;
        greenUrl = toGreen;
        write();
        return this;
    }

    /** What the configuration says besides name, addresses and directories. */
    Rig configure(String yaml) {
        extra = yaml;
        write();
        return this;
    }

    private void write() {
        try {
            Files.writeString(file(), """
                    migration: %s
                    blue:
                      url: %s
                    green:
                      url: %s
                    state-dir: %s
                    http:
                      listen: 127.0.0.1:0
                    """.formatted(migration, blueUrl, greenUrl, directory.resolve("state")) + extra);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return directory.resolve("viridian.yaml");
    }

    /** As the daemon reads them now. */
    Settings settings() {
        return ConfigurationLoader.load(new ConfigurationSources(
                        Optional.of(file()), Map.of(), Map.of("cutover.stable-for", "0ms"), directory, directory, true))
                .settings();
    }

    PostgresServer on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    Connection connect(Side side) throws SQLException {
        return side == Side.BLUE ? blue.connect(blueDatabase) : green.connect(greenDatabase);
    }

    void execute(Side side, String sql) throws SQLException {
        try (Connection connection = connect(side);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row, as text. */
    String ask(Side side, String sql) throws SQLException {
        try (Connection connection = connect(side);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as("an answer to " + sql).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }

    /** The same, of a table that both sides have under the same name. */
    void assertOnlyWritable(Side owner, String table) throws SQLException {
        assertOnlyWritable(owner, table, table);
    }

    /** A write that changes nothing passes on the owner, and is refused on the other side as the guard refuses. */
    void assertOnlyWritable(Side owner, String table, String tableOfTheOther) throws SQLException {
        execute(owner, "delete from %s where false".formatted(table));
        assertThatThrownBy(() -> execute(owner.other(), "delete from %s where false".formatted(tableOfTheOther)))
                .as("a write on " + owner.other().text())
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refusal -> assertThat(refusal.getSQLState()).isEqualTo("25006"));
    }

    /** What is on both servers. */
    List<ServerSnapshot> snapshots() throws SQLException {
        return List.of(ServerSnapshot.of(blue, blueDatabase), ServerSnapshot.of(green, greenDatabase));
    }

    /** Fails for anything of ours that was not there before. */
    void assertNothingLeft(List<ServerSnapshot> before) throws InterruptedException {
        assertNothingLeft("blue", before.getFirst(), blue, blueDatabase);
        assertNothingLeft("green", before.getLast(), green, greenDatabase);
    }

    private static void assertNothingLeft(String side, ServerSnapshot before, PostgresServer server, String database)
            throws InterruptedException {
        List<String> left = new ArrayList<>();
        try {
            Await.until("nothing of ours is left", TRACES_GO_WITHIN, () -> {
                left.clear();
                ServerSnapshot.diff(before, ServerSnapshot.of(server, database)).stream()
                        .filter(line -> line.contains("viridian"))
                        .forEach(left::add);
                return left.isEmpty();
            });
        } catch (AssertionError late) {
            assertThat(left).as("left on " + side).isEmpty();
            throw late;
        }
    }
}
