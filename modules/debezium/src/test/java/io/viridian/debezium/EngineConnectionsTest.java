package io.viridian.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.debezium.jdbc.JdbcConfiguration;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As the engine asks for them: by the name of its run. */
class EngineConnectionsTest {
    private Database database;
    private EngineConnections connections;

    @BeforeEach
    void connect() throws SQLException {
        PostgresServer server = ServerPair.shared(18, 18).blue();
        database = new Database(
                new Endpoint(
                        Side.BLUE, server.jdbcUrl(server.freshDatabase("engine")), Map.of("user", server.superuser())),
                "engine");
        connections = new EngineConnections(database);
    }

    @AfterEach
    void disconnect() {
        connections.close();
        database.close();
    }

    private Connection asked() throws SQLException {
        return new EngineConnector()
                .connect(JdbcConfiguration.create()
                        .with(EngineConnector.RUN, connections.run())
                        .build());
    }

    @Test
    void endWithTheStream() throws Exception {
        Connection one = asked();
        assertThat(one.isValid(10)).isTrue();
        connections.close();
        assertThat(one.isClosed()).isTrue();
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::asked).withMessageContaining("was closed");
    }

    @Test
    void areNotMadeAnewOnceTheEngineReads() throws Exception {
        asked();
        connections.complete();
        assertThat(connections.missing()).isFalse();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(this::asked)
                .withMessageContaining("ended while it was reading");
        assertThat(connections.missing()).isTrue();
    }
}
