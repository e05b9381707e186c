package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClientsSwitcherTest {
    private ServerPair servers;
    private String name;
    private Database blue;
    private Database green;

    @BeforeEach
    void createPair() throws SQLException {
        servers = ServerPair.shared(14, 18);
        name = servers.blue().freshDatabase("clients");
        servers.green().createDatabase(name);
        blue = database(Side.BLUE, servers.blue());
        green = database(Side.GREEN, servers.green());
    }

    @AfterEach
    void closePair() {
        blue.close();
        green.close();
    }

    private Database database(Side side, PostgresServer server) {
        return new Database(
                new Endpoint(side, server.jdbcUrl(name), Map.of("user", server.superuser())), "viridian test");
    }

    private ClientsSwitcher switcher(Duration endIdleFor) {
        return new ClientsSwitcher(blue, green, endIdleFor, Clock.system());
    }

    /** A client that knows both hosts, blue first, and wants the writable one. */
    private Connection lookForPrimary() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", servers.blue().superuser());
        properties.setProperty("targetServerType", "primary");
        properties.setProperty("hostRecheckSeconds", "0");
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d,%s:%d/%s"
                        .formatted(
                                servers.blue().host(),
                                servers.blue().port(),
                                servers.green().host(),
                                servers.green().port(),
                                name),
                properties);
    }

    private String version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show server_version_num")) {
            rows.next();
            return rows.getString(1).substring(0, 2);
        }
    }

    @Test
    void clientsThatLookForTheWritableSideFindIt() throws Exception {
        ClientsSwitcher switcher = switcher(Duration.ZERO);
        switcher.perform(Side.GREEN);
        assertThat(switcher.probe(Side.GREEN)).isTrue();
        assertThat(switcher.probe(Side.BLUE)).isFalse();
        try (Connection client = lookForPrimary()) {
            assertThat(version(client)).isEqualTo("18");
        }
        switcher.perform(Side.BLUE);
        switcher.perform(Side.BLUE);
        assertThat(switcher.probe(Side.BLUE)).isTrue();
        try (Connection client = lookForPrimary()) {
            assertThat(version(client)).isEqualTo("14");
        }
    }

    @Test
    void sessionsOfOursWriteOnTheClosedSideAllTheSame() throws Exception {
        switcher(Duration.ZERO).perform(Side.GREEN);
        assertThatCode(() -> blue.run(session -> session.execute("create table public.mine (id int)")))
                .doesNotThrowAnyException();
    }

    @Test
    void aSessionFromBeforeReadsOnWhenSessionsAreLeftAlone() throws Exception {
        try (Connection reader = servers.blue().connect(name)) {
            switcher(Duration.ZERO).perform(Side.GREEN);
            assertThat(version(reader)).isEqualTo("14");
        }
    }

    @Test
    void idleSessionsFromBeforeAreEndedSoThatPoolsConnectAnew() throws Exception {
        try (Connection pooled = servers.blue().connect(name);
                Connection busy = servers.blue().connect(name);
                Statement work = busy.createStatement()) {
            busy.setAutoCommit(false);
            work.execute("select 1");
            switcher(Duration.ofMillis(200)).perform(Side.GREEN);
            assertThatThrownBy(() -> version(pooled)).isInstanceOf(SQLException.class);
            assertThat(version(busy)).isEqualTo("14");
        }
        assertThatCode(() -> blue.run(session -> session.execute("select 1"))).doesNotThrowAnyException();
    }

    @Test
    void aSessionThatBecomesIdleIsMetWithinTheTime() throws Exception {
        try (Connection busy = servers.blue().connect(name);
                Statement work = busy.createStatement()) {
            busy.setAutoCommit(false);
            work.execute("select 1");
            Thread switching = Thread.ofPlatform().start(() -> {
                try {
                    switcher(Duration.ofSeconds(20)).perform(Side.GREEN);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            Await.until(
                    "blue begins read only",
                    Duration.ofSeconds(10),
                    () -> switcher(Duration.ZERO).probe(Side.GREEN));
            busy.commit();
            switching.join(15_000);
            assertThat(switching.isAlive()).isFalse();
            assertThatThrownBy(() -> version(busy)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void removingLeavesBothSidesAsTheyWere() throws Exception {
        ClientsSwitcher switcher = switcher(Duration.ZERO);
        switcher.perform(Side.GREEN);
        switcher.remove();
        assertThat(switcher.probe(Side.GREEN)).isFalse();
        String settings = blue.query(session -> session.one(
                "select count(*)::text from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase "
                        + "where d.datname = current_database() and s.setconfig <> '{}'",
                row -> row.text(1)));
        assertThat(settings).isEqualTo("0");
    }

    @Test
    void aSideThatDoesNotAnswerIsToldAsTrouble() throws SQLException {
        Database nowhere = new Database(
                new Endpoint(Side.GREEN, "jdbc:postgresql://127.0.0.1:1/" + name, Map.of("user", "nobody")), "test");
        assertThatThrownBy(() -> new ClientsSwitcher(blue, nowhere, Duration.ZERO, Clock.system()).perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED");
        nowhere.close();
    }
}
