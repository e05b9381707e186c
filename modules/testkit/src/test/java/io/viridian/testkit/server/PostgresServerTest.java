package io.viridian.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.viridian.testkit.Await;
import io.viridian.testkit.Sql;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@ExtendWith(KeepServerLogs.class)
final class PostgresServerTest {
    private static final String SYSTEM = "select system_identifier::text from pg_control_system()";

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17})
    void everySupportedVersionStartsAndDecodesLogically(int majorVersion) throws SQLException {
        try (PostgresServer server = Servers.start(majorVersion);
                Connection connection = server.connect("postgres")) {
            assertThat(Sql.ask(connection, "show server_version")).startsWith(majorVersion + ".");
            Sql.run(connection, "select pg_create_logical_replication_slot('probe', 'pgoutput')");
        }
    }

    @Test
    void whatAPackageInstalledStartsWhereThereIsOne() throws SQLException {
        assertThat(InstalledPostgres.find(9)).isEmpty();
        Optional<InstalledPostgres> installed = IntStream.rangeClosed(15, 18)
                .mapToObj(InstalledPostgres::find)
                .flatMap(Optional::stream)
                .findFirst();
        assumeTrue(installed.isPresent(), "skipped: Debian's packages have installed no PostgreSQL here");
        InstalledPostgres postgres = installed.get();
        assertThat(postgres.hasLibrary("pgoutput")).isTrue();
        assertThat(postgres.hasLibrary("no_such_library")).isFalse();
        try (ServerPair servers = postgres.start(Map.of("work_mem", "3MB"));
                Connection blue = servers.blue().connect("postgres");
                Connection green = servers.green().connect("postgres")) {
            assertThat(Sql.ask(green, "show server_version")).startsWith(postgres.majorVersion() + ".");
            assertThat(Sql.ask(green, "show work_mem")).isEqualTo("3MB");
            assertThat(Sql.ask(green, SYSTEM)).isNotEqualTo(Sql.ask(blue, SYSTEM));
        }
    }

    @Test
    void settingsOfATestComeOnTopOfTheDefaults() throws SQLException {
        try (PostgresServer server = Servers.start(18, Map.of("max_replication_slots", "3", "work_mem", "3MB"));
                Connection connection = server.connect("postgres")) {
            assertThat(Sql.ask(connection, "show max_replication_slots")).isEqualTo("3");
            assertThat(Sql.ask(connection, "show work_mem")).isEqualTo("3MB");
            assertThat(Sql.ask(connection, "show wal_level")).isEqualTo("logical");
        }
    }

    @Test
    void closingAServerRemovesItsFilesAndItsProcesses() throws Exception {
        PostgresServer server = Servers.start(18);
        server.close();
        assertThat(server.running()).isFalse();
        assertThat(server.dataDirectory().getParent()).doesNotExist();
        assertThatThrownBy(() -> server.connect("postgres").close()).isInstanceOf(SQLException.class);
    }

    @Nested
    @ParameterizedClass
    @ValueSource(ints = {14, 18})
    final class ARunningServer {

        private final int majorVersion;
        private final PostgresServer server;

        ARunningServer(int majorVersion) {
            this.majorVersion = majorVersion;
            this.server = Servers.start(majorVersion);
        }

        @AfterEach
        void stop() {
            server.close();
        }

        @Test
        void trustsTheSuperuserOnTheLoopbackAndSpeaksOfItselfTruthfully() throws SQLException {
            try (Connection connection = server.connect("postgres")) {
                assertThat(Sql.ask(connection, "show server_version")).startsWith(majorVersion + ".");
                assertThat(Sql.ask(connection, "select current_user")).isEqualTo(server.superuser());
                assertThat(Sql.ask(connection, "show port")).isEqualTo(Integer.toString(server.port()));
                assertThat(Sql.ask(connection, "show data_directory"))
                        .isEqualTo(server.dataDirectory().toString());
                assertThat(Sql.ask(connection, "show log_timezone")).isEqualTo("UTC");
                assertThat(Sql.ask(connection, "select datcollate from pg_database limit 1"))
                        .startsWith("C");
            }
            assertThat(server.url("bank")).isEqualTo("postgresql://postgres@127.0.0.1:" + server.port() + "/bank");
        }

        @Test
        void createsDatabasesByAnyNameAndFreshOnesByAPrefix() throws SQLException {
            server.createDatabase("an \"odd\" name");
            String first = server.freshDatabase("bank");
            String second = server.freshDatabase("bank");
            assertThat(first).startsWith("bank_").isNotEqualTo(second);
            try (Connection connection = server.connect(second)) {
                assertThat(Sql.ask(connection, "select current_database()")).isEqualTo(second);
            }
        }

        @Test
        void aChangedSettingIsInForceWhenTheCallReturns() throws SQLException {
            server.set("synchronous_standby_names", "nosuch");
            try (Connection connection = server.connect("postgres")) {
                assertThat(Sql.ask(connection, "show synchronous_standby_names"))
                        .isEqualTo("nosuch");
            }
            server.reset("synchronous_standby_names");
            try (Connection connection = server.connect("postgres")) {
                assertThat(Sql.ask(connection, "show synchronous_standby_names"))
                        .isEmpty();
            }
        }

        @Test
        void anImmediateStopBreaksConnectionsAndTheNextStartRecoversWhatWasCommitted() throws SQLException {
            int port = server.port();
            try (Connection connection = server.connect("postgres")) {
                Sql.run(connection, "create table kept (id int)", "insert into kept values (1)");
                server.stopImmediately();
                assertThat(server.running()).isFalse();
                assertThatThrownBy(() -> Sql.ask(connection, "select 1")).isInstanceOf(SQLException.class);
            }
            server.start();
            try (Connection connection = server.connect("postgres")) {
                assertThat(Sql.ask(connection, "select count(*) from kept")).isEqualTo("1");
            }
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.logFile()).content().contains("automatic recovery in progress");
        }

        @Test
        void aFastStopNeedsNoRecovery() throws SQLException {
            server.stopFast();
            server.start();
            try (Connection connection = server.connect("postgres")) {
                assertThat(Sql.ask(connection, "select 1")).isEqualTo("1");
            }
            assertThat(server.logFile()).content().doesNotContain("automatic recovery in progress");
        }

        @Test
        void aFrozenServerKeepsItsConnectionsAndAnswersNothingUntilItIsThawed() throws Exception {
            try (Connection connection = server.connect("postgres")) {
                Sql.run(connection, "select 1");
                server.freeze();
                connection.setNetworkTimeout(Runnable::run, 0);
                assertThat(server.running()).isTrue();
                assertThatNothingAnswers();
                server.thaw();
                assertThat(Sql.ask(connection, "select 2")).isEqualTo("2");
            }
        }

        @Test
        void aFrozenServerCanBeStoppedImmediately() {
            server.freeze();
            server.stopImmediately();
            assertThat(server.running()).isFalse();
        }

        /** The kernel still accepts, but nobody reads the request for encryption, which is answered with one byte. */
        private void assertThatNothingAnswers() throws Exception {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(server.host(), server.port()), 1_000);
                socket.getOutputStream().write(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f});
                socket.setSoTimeout(200);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aServerDoesNotOutliveAJvmThatIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndHang.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new String(jvm.getInputStream().readNBytes(StartAndHang.ANSWER_LENGTH), StandardCharsets.UTF_8);
        long pid = Long.parseLong(line.substring(0, StartAndHang.PID_LENGTH).strip());
        java.nio.file.Path files =
                java.nio.file.Path.of(line.substring(StartAndHang.PID_LENGTH).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        assertThat(files).exists();

        jvm.destroyForcibly().waitFor();

        Await.until("the orphan has stopped", Duration.ofSeconds(30), () -> !postmaster.isAlive());
        Await.until("its files are gone", Duration.ofSeconds(30), () -> !Files.exists(files));
    }
}
