package io.viridian.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class DatabaseTest {
    private final PostgresServer server = SharedServers.blue(18);
    private String name = "";

    @BeforeEach
    void create() throws SQLException {
        name = server.freshDatabase("database");
    }

    /** A process of the server is dear; the look whether it lets us in must not cost one. */
    @Test
    void queriesOneAfterTheOtherUseOneConnection() throws SQLException {
        server.set("log_connections", "on");
        try (Database database = database(server.superuser())) {
            long first = backend(database);
            assertThat(backend(database)).isEqualTo(first);
        } finally {
            server.reset("log_connections");
        }
        assertThat(server.logFile())
                .content()
                .containsOnlyOnce("connection authorized: user=postgres database=" + name);
    }

    @Test
    void aRefusedLoginIsToldAtOnceAndNotAfterThePoolsPatience() {
        try (Database database = database("nobody of that name")) {
            assertThatThrownBy(() -> backend(database))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("nobody of that name");
        }
    }

    /** One that does not answer must not hold up whoever else asks, least of all whoever ends it. */
    @Test
    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aServerThatAcceptsAndSaysNothingKeepsNobodyButItsCaller() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(silent.getLocalPort(), name);
            Database database = new Database(new Endpoint(Side.BLUE, url, Map.of("user", "postgres")), "viridian test");
            CompletableFuture<Long> asked = CompletableFuture.supplyAsync(() -> backend(database));
            try (Socket _ = silent.accept()) {
                database.close();
                assertThat(asked).isNotDone();
            }
            assertThatThrownBy(asked::join).hasCauseInstanceOf(FaultException.class);
        }
    }

    private Database database(String user) {
        return new Database(new Endpoint(Side.BLUE, server.jdbcUrl(name), Map.of("user", user)), "viridian test");
    }

    private static long backend(Database database) {
        return database.query(session -> session.one("select pg_backend_pid()", row -> row.number(1)));
    }
}
