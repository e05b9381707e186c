package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.bouncer.BouncerAddress;
import io.viridian.postgres.bouncer.BouncerConsole;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.PgBouncer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PgBouncer before two real servers. */
@Timeout(60)
final class PgBouncerSwitcherTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private ServerPair servers;
    private String name;
    private PgBouncer bouncer;

    @BeforeEach
    void start() throws Exception {
        PgBouncer.require();
        servers = ServerPair.shared(14, 18);
        name = servers.blue().freshDatabase("pooled");
        servers.green().createDatabase(name);
        start("");
    }

    private void start(String more) throws IOException, InterruptedException {
        stop();
        bouncer = PgBouncer.start(directory, servers.blue(), name, more);
    }

    @AfterEach
    void stop() {
        if (bouncer != null) {
            bouncer.close();
        }
    }

    private BouncerAddress admin() {
        return new BouncerAddress(bouncer.adminJdbcUrl(), Map.of("user", bouncer.user()));
    }

    private PgBouncerSwitcher switcher() {
        return switcher(PgBouncer.DATABASE);
    }

    private PgBouncerSwitcher switcher(String database) {
        return new PgBouncerSwitcher(admin(), bouncer.file(), database, this::target);
    }

    private BouncerTarget target(Side side) {
        PostgresServer server = side == Side.BLUE ? servers.blue() : servers.green();
        return new BouncerTarget(server.host(), server.port(), name);
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", bouncer.user());
        properties.setProperty("prepareThreshold", "0");
        return DriverManager.getConnection(bouncer.jdbcUrl(), properties);
    }

    private static String version(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show server_version_num")) {
            rows.next();
            return rows.getString(1).substring(0, 2);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private boolean paused() {
        try (BouncerConsole console = BouncerConsole.open(admin(), LONG)) {
            return console.find(PgBouncer.DATABASE).orElseThrow().paused();
        }
    }

    @Test
    void clientsGoOnTheirConnectionsToTheOwnerThereAndBack() throws Exception {
        PgBouncerSwitcher switcher = switcher();
        assertThat(switcher.probe(Side.BLUE)).isTrue();
        assertThat(switcher.probe(Side.GREEN)).isFalse();
        try (Connection client = connect()) {
            assertThat(version(client)).isEqualTo("14");
            for (Side owner : new Side[] {Side.GREEN, Side.GREEN, Side.BLUE}) {
                switcher.makeReadyToHold(LONG);
                switcher.hold(LONG);
                switcher.perform(owner);
                assertThat(switcher.probe(owner)).isTrue();
                assertThat(switcher.probe(owner.other())).isFalse();
                assertThat(version(client)).isEqualTo(owner == Side.GREEN ? "18" : "14");
            }
        }
        assertThat(Files.readString(bouncer.file()))
                .contains("pool_size=20")
                .contains("untouched = host=127.0.0.1 port=1 dbname=untouched");
    }

    @Test
    void whileHeldATransactionEndsAndWhoeverComesWaitsAndGoesOnAtTheNewOwner() throws Exception {
        PgBouncerSwitcher switcher = switcher();
        switcher.makeReadyToHold(LONG);
        try (Connection working = connect();
                Connection coming = connect()) {
            assertThat(version(coming)).isEqualTo("14");
            working.setAutoCommit(false);
            assertThat(version(working)).isEqualTo("14");
            CompletableFuture<Void> held = CompletableFuture.runAsync(() -> switcher.hold(LONG));
            Await.until("the bouncer is pausing", LONG, this::paused);
            assertThat(held).as("a transaction runs").isNotDone();
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> version(coming));
            assertThat(version(working)).as("it goes on").isEqualTo("14");
            working.commit();
            held.get(20, TimeUnit.SECONDS);
            assertThat(waiting).isNotDone();
            switcher.perform(Side.GREEN);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("18");
        }
    }

    @Test
    void aTransactionThatDoesNotEndIsNotWaitedForAndEverybodyGoesOn() throws Exception {
        PgBouncerSwitcher switcher = switcher();
        switcher.makeReadyToHold(LONG);
        try (Connection working = connect();
                Connection coming = connect()) {
            working.setAutoCommit(false);
            assertThat(version(working)).isEqualTo("14");
            assertThatThrownBy(() -> switcher.hold(Duration.ofMillis(300)))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("does not do PAUSE");
            switcher.release();
            assertThat(version(coming)).isEqualTo("14");
            assertThat(version(working)).isEqualTo("14");
            working.commit();
        }
    }

    @Test
    void aHoldThatNobodyEndsEndsByItself() throws Exception {
        PgBouncerSwitcher switcher = switcher();
        switcher.makeReadyToHold(Duration.ofMillis(300));
        switcher.hold(LONG);
        Await.until("the bouncer is resumed", LONG, () -> !paused());
        switcher.release();
    }

    /** Holds a bouncer and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            PgBouncerSwitcher switcher = new PgBouncerSwitcher(
                    new BouncerAddress(arguments[0], Map.of("user", arguments[1])),
                    Path.of(arguments[2]),
                    PgBouncer.DATABASE,
                    _ -> new BouncerTarget("nowhere", 1, "nothing"));
            switcher.makeReadyToHold(LONG.multipliedBy(30));
            switcher.hold(LONG);
            try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
                out.write("held\n".getBytes(StandardCharsets.UTF_8));
            }
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aHoldEndsWithTheProcessThatMadeIt() throws Exception {
        Process holder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        bouncer.adminJdbcUrl(),
                        bouncer.user(),
                        bouncer.file().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            assertThat(paused()).isTrue();
        } finally {
            holder.destroyForcibly();
        }
        Await.until("the bouncer is resumed", LONG, () -> !paused());
    }

    @Test
    void sessionsAreNotHeldAndTheirClientsConnectAnew() throws Exception {
        start("pool_mode = session");
        PgBouncerSwitcher switcher = switcher();
        try (Connection client = connect()) {
            assertThat(version(client)).isEqualTo("14");
            switcher.makeReadyToHold(LONG);
            switcher.hold(LONG);
            assertThat(paused()).isFalse();
            switcher.perform(Side.GREEN);
            assertThatThrownBy(() -> version(client)).hasRootCauseInstanceOf(Exception.class);
        }
        try (Connection client = connect()) {
            assertThat(version(client)).isEqualTo("18");
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> switcher("nowhere").probe(Side.BLUE))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("knows no database nowhere");
        assertThatThrownBy(() -> switcher("nowhere").perform(Side.BLUE))
                .hasMessageContaining("no line for nowhere under [databases]");
        bouncer.close();
        assertThatThrownBy(() -> switcher().probe(Side.BLUE))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void theConsoleIsAskedWithoutWhatOtherClientsOfTheDriverNeed() throws Exception {
        start("ignore_startup_parameters = ");
        assertThat(switcher().probe(Side.BLUE)).isTrue();
    }

    @Test
    void aBouncerThatHangsIsNotWaitedForLong() throws Exception {
        new ProcessBuilder("kill", "-STOP", Long.toString(bouncer.pid()))
                .start()
                .waitFor();
        try {
            assertThatThrownBy(() -> switcher().probe(Side.BLUE))
                    .hasMessageContaining("TRAFFIC_FAILED")
                    .hasMessageContaining("cannot be reached");
        } finally {
            new ProcessBuilder("kill", "-CONT", Long.toString(bouncer.pid()))
                    .start()
                    .waitFor();
        }
    }
}
