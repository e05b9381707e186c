package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.HaProxy;
import io.viridian.time.Clock;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HAProxy before two real servers, driven by its runtime socket. */
final class HaProxySwitcherTest {
    @TempDir
    Path directory;

    private ServerPair servers;
    private String name;
    private HaProxy haproxy;

    @BeforeEach
    void start() throws Exception {
        HaProxy.require();
        servers = ServerPair.shared(14, 18);
        name = servers.blue().freshDatabase("proxied");
        servers.green().createDatabase(name);
        haproxy = HaProxy.start(directory, servers, "admin");
    }

    @AfterEach
    void stop() {
        if (haproxy != null) {
            haproxy.close();
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", servers.blue().superuser());
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(haproxy.port(), name), properties);
    }

    private static String version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show server_version_num")) {
            rows.next();
            return rows.getString(1).substring(0, 2);
        }
    }

    @Test
    void newConnectionsAreLedToTheOwnerThereAndBack() throws Exception {
        HaProxySwitcher switcher = new HaProxySwitcher(haproxy.socket(), "shop", Clock.system());
        assertThat(switcher.probe(Side.BLUE)).isTrue();
        assertThat(switcher.probe(Side.GREEN)).isFalse();
        for (Side owner : new Side[] {Side.GREEN, Side.GREEN, Side.BLUE}) {
            switcher.perform(owner);
            assertThat(switcher.probe(owner)).isTrue();
            assertThat(switcher.probe(owner.other())).isFalse();
            try (Connection client = connect()) {
                assertThat(version(client)).isEqualTo(owner == Side.GREEN ? "18" : "14");
            }
        }
    }

    @Test
    void sessionsOnTheClosedSideAreEnded() throws Exception {
        try (Connection before = connect()) {
            assertThat(version(before)).isEqualTo("14");
            new HaProxySwitcher(haproxy.socket(), "shop", Clock.system()).perform(Side.GREEN);
            assertThatThrownBy(() -> version(before)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aBackendOrServersThatAreNotThereAreNamed() {
        assertThatThrownBy(() -> new HaProxySwitcher(haproxy.socket(), "nowhere", Clock.system()).perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("haproxy nowhere answers")
                .hasMessageContaining("set server nowhere/green state ready");
        assertThatThrownBy(() -> new HaProxySwitcher(haproxy.socket(), "nowhere", Clock.system()).probe(Side.GREEN))
                .hasMessageContaining("when asked for its servers");
        assertThatThrownBy(() -> new HaProxySwitcher(haproxy.socket(), "other", Clock.system()).probe(Side.GREEN))
                .hasMessageContaining("no servers named blue and green, but [one]");
    }

    @Test
    void aSocketThatMayOnlyLookIsToldWithItsAnswer() throws Exception {
        haproxy.close();
        haproxy = HaProxy.start(directory, servers, "user");
        assertThatThrownBy(() -> new HaProxySwitcher(haproxy.socket(), "shop", Clock.system()).perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("Permission denied");
    }

    @Test
    void nobodyBehindTheSocketAndSomebodyWhoHangsAreTold() throws Exception {
        haproxy.close();
        assertThatThrownBy(() -> new HaProxySwitcher(haproxy.socket(), "shop", Clock.system()).perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining(haproxy.socket().toString());
        Path silent = directory.resolve("silent.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(silent));
            assertThatThrownBy(() -> new HaProxySwitcher(silent, "shop", Duration.ofMillis(200), Clock.system())
                            .probe(Side.GREEN))
                    .hasMessageContaining("no answer within 200 ms");
        }
    }
}
