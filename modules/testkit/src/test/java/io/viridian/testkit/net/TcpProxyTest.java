package io.viridian.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.testkit.Await;
import io.viridian.testkit.Sql;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(KeepServerLogs.class)
final class TcpProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int IMPATIENCE_MILLIS = 300;

    private final PostgresServer server = SharedServers.blue(18);
    private final TcpProxy proxy = TcpProxy.to(server);
    private String database = "";

    @BeforeEach
    void createTable() throws SQLException {
        database = server.freshDatabase("proxy");
        try (Connection direct = server.connect(database)) {
            Sql.run(direct, "create table arrived (id int)");
        }
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void everythingPassesAtFirst() throws SQLException {
        try (Connection connection = connect()) {
            assertThat(Sql.ask(connection, "select repeat('x', 1000000)")).hasSize(1_000_000);
        }
    }

    @Test
    void aClosedConnectionIsForgotten() throws Exception {
        connect().close();
        Await.until("no connection is left", PATIENCE, () -> proxy.connections() == 0);
    }

    @Test
    void aCutResetsWhatIsConnectedAndRefusesWhoComesUntilItIsLifted() throws SQLException {
        try (Connection connection = connect()) {
            proxy.cut();
            assertThatThrownBy(() -> Sql.ask(connection, "select 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> connect().close()).isInstanceOf(SQLException.class);
        proxy.pass();
        try (Connection connection = connect()) {
            assertThat(Sql.ask(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aResetIsABlipAfterWhichNewConnectionsWork() throws SQLException {
        try (Connection connection = connect()) {
            proxy.resetConnections();
            assertThatThrownBy(() -> Sql.ask(connection, "select 1")).isInstanceOf(SQLException.class);
        }
        try (Connection connection = connect()) {
            assertThat(Sql.ask(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aBlackHoleStallsAQueryWhichEndsWellWhenItIsLifted() throws Exception {
        try (Connection connection = connect()) {
            proxy.blackHole();
            CompletableFuture<String> answer =
                    CompletableFuture.supplyAsync(() -> askUnchecked(connection, "select 7"));
            assertThatThrownBy(() -> answer.get(IMPATIENCE_MILLIS, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            proxy.pass();
            assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("7");
        }
    }

    @Test
    void aBlackHoleAcceptsConnectionsAndSaysNothing() throws Exception {
        proxy.blackHole();
        assertSilentUntilReset(() -> proxy.cut());
    }

    @Test
    void aDelayIsPaidInEachDirection() throws SQLException {
        try (Connection connection = connect()) {
            proxy.delay(Duration.ofMillis(50));
            long startNanos = System.nanoTime();
            Sql.ask(connection, "select 1");
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void droppingRepliesLetsTheServerWorkAndTheClientGuess() throws Exception {
        try (Connection connection = connect()) {
            connection.setNetworkTimeout(Runnable::run, IMPATIENCE_MILLIS);
            proxy.dropReplies();
            assertThatThrownBy(() -> Sql.run(connection, "insert into arrived values (1)"))
                    .isInstanceOf(SQLException.class);
        }
        Await.until("the row arrived although nobody was told", PATIENCE, () -> rowsArrived() == 1);
    }

    @Test
    void aConnectionThatLostAReplyIsResetWhenTheNetworkRecovers() throws Exception {
        try (Connection connection = connect()) {
            proxy.dropReplies();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                    () -> askUnchecked(connection, "insert into arrived values (1) returning id"));
            Await.until(
                    "the row arrived and the reply is lost",
                    PATIENCE,
                    () -> rowsArrived() == 1 && proxy.brokenConnections() == 1);
            proxy.pass();
            assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).startsWith("failed");
        }
    }

    @Test
    void halfOpenConnectionsAreGoneForTheServerAndSilentForTheClient() throws Exception {
        try (Connection connection = connect()) {
            String pid = Sql.ask(connection, "select pg_backend_pid()");
            proxy.halfOpen();
            Await.until("the server has seen the end", PATIENCE, () -> {
                try (Connection direct = server.connect(database)) {
                    return Sql.ask(direct, "select count(*) from pg_stat_activity where pid = " + pid)
                            .equals("0");
                }
            });
            connection.setNetworkTimeout(Runnable::run, IMPATIENCE_MILLIS);
            assertThatThrownBy(() -> Sql.ask(connection, "select 1"))
                    .hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void whoConnectsWhileHalfOpenGetsSilenceAndAResetAfterwards() throws Exception {
        proxy.halfOpen();
        assertSilentUntilReset(() -> proxy.pass());
    }

    private void assertSilentUntilReset(Runnable change) throws Exception {
        try (Socket socket = new Socket(proxy.host(), proxy.port())) {
            socket.setSoTimeout(IMPATIENCE_MILLIS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            change.run();
            socket.setSoTimeout((int) PATIENCE.toMillis());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return DriverManager.getConnection(proxy.jdbcUrl(database), properties);
    }

    private long rowsArrived() throws SQLException {
        try (Connection direct = server.connect(database)) {
            return Long.parseLong(Sql.ask(direct, "select count(*) from arrived"));
        }
    }

    private static String askUnchecked(Connection connection, String query) {
        try {
            return Sql.ask(connection, query);
        } catch (SQLException e) {
            return "failed: " + e.getSQLState();
        }
    }
}
