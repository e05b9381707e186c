package io.viridian.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class SharedServersTest {

    private static final String SYSTEM_IDENTIFIER = "select system_identifier from pg_control_system()";

    @Test
    void askingTwiceAnswersTheSameServer() {
        assertThat(SharedServers.blue(18)).isSameAs(SharedServers.blue(18));
        assertThat(SharedServers.blue(18)).isNotSameAs(SharedServers.green(18));
    }

    @Test
    void blueAndGreenOfOneVersionHaveDifferentSystemIdentifiers() throws SQLException {
        ServerPair pair = ServerPair.shared(18, 18);
        assertThat(systemIdentifier(pair.blue())).isNotEqualTo(systemIdentifier(pair.green()));
        assertThat(systemIdentifier(SharedServers.of(ServerRole.JOURNAL, 18)))
                .isNotEqualTo(systemIdentifier(pair.blue()))
                .isNotEqualTo(systemIdentifier(pair.green()));
    }

    @Test
    void closingASharedServerMakesItReadyForTheNextTest() throws SQLException {
        PostgresServer server = SharedServers.blue(18);
        server.stopImmediately();
        server.close();
        assertThat(server.running()).isTrue();

        server.freeze();
        server.close();
        try (Connection connection = server.connect("postgres")) {
            assertThat(Sql.ask(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aPairOfItsOwnIsClosedTogether() {
        ServerPair pair = ServerPair.start(14, 18);
        assertThat(pair.blue().majorVersion()).isEqualTo(14);
        assertThat(pair.green().majorVersion()).isEqualTo(18);
        pair.close();
        assertThat(pair.blue().running()).isFalse();
        assertThat(pair.green().running()).isFalse();
    }

    private static String systemIdentifier(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect("postgres")) {
            return Sql.ask(connection, SYSTEM_IDENTIFIER);
        }
    }
}
