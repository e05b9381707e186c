package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StragglersTest {
    private final List<Connection> connections = new ArrayList<>();
    private Pair pair;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
    }

    @AfterEach
    void closePair() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
        pair.close();
    }

    private void connect(String application) throws SQLException {
        Connection connection = pair.application(Side.BLUE);
        connections.add(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set application_name = '" + application + "'");
        }
    }

    private Stragglers onBlue() {
        return pair.blue.query(session -> Stragglers.on(session, pair.blue.applicationName()));
    }

    @Test
    void whoIsConnectedIsNamedAndWeAreNot() throws SQLException {
        connect("billing");
        connect("report");
        connect("billing");
        connect("viridian probe");
        try (io.viridian.postgres.Session _ = pair.blue.open("heartbeat")) {
            Stragglers found = onBlue();
            assertThat(found.sessions()).isEqualTo(3);
            assertThat(found.clients())
                    .extracting(Stragglers.Client::application, Stragglers.Client::sessions)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("billing", 2L),
                            org.assertj.core.groups.Tuple.tuple("report", 1L));
            assertThat(found.clients().getFirst().words())
                    .isEqualTo("2 of " + pair.blueServer.superuser() + " (billing) from 127.0.0.1");
        }
    }

    @Test
    void ofManyOnlyTheFirstTwentyAreNamedAndAllAreCounted() throws SQLException {
        for (int number = 0; number < 23; number++) {
            connect("application " + number);
        }
        assertThat(onBlue().clients()).hasSize(20);
        assertThat(onBlue().sessions()).isEqualTo(23);
    }

    @Test
    void aSideWithoutOurSequenceCountsNothing() {
        assertThat(onBlue().counts()).isTrue();
        pair.blue.run(session -> session.execute("drop sequence viridian.refused"));
        assertThat(onBlue().counts()).isFalse();
    }
}
