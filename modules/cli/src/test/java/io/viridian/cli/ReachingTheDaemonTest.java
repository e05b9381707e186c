package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cli.Shell.Run;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachingTheDaemonTest {
    private static final String MIGRATIONS = "{\"migrations\":[{\"migration\":\"shop-v2\"}]}";

    private final InMemoryControl control = new InMemoryControl();
    private LiveServer server;
    private Shell shell;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = LiveServer.of(control, directory.resolve("state"));
        shell = new Shell(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void findsAddressAndTokenInTheConfigurationItIsGiven() {
        shell.configured(server.port());

        assertThat(shell.run("pause").exit()).isZero();
        assertThat(shell.run("pause", "-c", "viridian.yaml").exit()).isZero();
    }

    @Test
    void findsThemInTheEnvironmentAndInFlagsAsWell() {
        shell.configured(1);

        assertThat(shell.run("pause", "--set", "http.listen=127.0.0.1:" + server.port())
                        .exit())
                .isZero();
        assertThat(shell.with("VIRIDIAN_HTTP_LISTEN", "127.0.0.1:" + server.port())
                        .run("pause")
                        .exit())
                .isZero();
    }

    @Test
    void needsNoConfigurationForLooking() {
        assertThat(shell.run("status", "--server", address()).exit()).isZero();
    }

    @Test
    void looksDespiteABrokenConfigurationThatNobodyNamed() {
        shell.file("viridian.yaml", "nonsense: true\n");

        Run run = shell.run("status", "--server", address());

        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("going on without the configuration");
        assertThat(shell.run("status").exit()).isEqualTo(2);
        assertThat(shell.run("status", "--server", address(), "-c", "viridian.yaml")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void refusesAConfigurationThatIsNotThere() {
        Run run = shell.run("status", "-c", "elsewhere.yaml");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("elsewhere.yaml", "CONFIGURATION_INVALID");
    }

    @Test
    void needsNoPasswordToTalkToTheDaemon() {
        shell.configured(server.port()).with("VIRIDIAN_BLUE_PASSWORD_FILE", "/nowhere");

        assertThat(shell.run("status").exit()).isZero();
    }

    @Test
    void refusesADaemonThatRunsAnotherMigration() {
        shell.configured(server.port()).with("VIRIDIAN_MIGRATION", "shop-v3");

        Run run = shell.run("status");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("runs shop-v2, the configuration says shop-v3");
    }

    @Test
    void timesOutWithoutADaemonAndSaysHowToGetOne() {
        String address = address();
        server.close();

        Run run = shell.run("status", "--server", address);

        assertThat(run.exit()).isEqualTo(9);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no daemon answers at " + address + " (connection refused)", "viridian run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:7080", "ftp://localhost", "http:", "::"})
    void refusesAnAddressThatIsNone(String address) {
        Run run = shell.run("status", "--server", address);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--server");
    }

    @Test
    void saysWhenTheServerIsNoViridian() throws Exception {
        try (Answering other = new Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope")) {
            Run run = shell.run("status", "--server", other.address());

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("is it a Viridian daemon?");
        }
    }

    @Test
    void saysWhatADaemonThatDoesNotLeadSays() {
        control.fallSilent(Fault.about(FaultCode.HELD_BY_ANOTHER, "daemon-b", "another daemon holds shop-v2")
                .asException());

        Run run = shell.run("status", "--server", address());

        assertThat(run.exit()).isEqualTo(4);
        assertThat(run.err()).contains("HELD_BY_ANOTHER: another daemon holds shop-v2 (daemon-b)");
    }

    @Test
    void showsTheNewTokenToADaemonThatHasStartedInBetween() throws Exception {
        Path token = shell.file("token", "of the daemon before\n").directory().resolve("token");
        try (Answering again = new Answering(
                () -> shell.file("token", "of this daemon\n"),
                answer("401 Unauthorized", "{\"code\":\"NOT_ALLOWED\",\"detail\":\"not this one\"}"),
                answer("200 OK", MIGRATIONS),
                answer("200 OK", "{\"events\":[]}"))) {
            Run run = shell.run("events", "--server", again.address(), "--token-file", token.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.exit()).isZero();
            assertThat(again.served.get()).isEqualTo(3);
        }
    }

    @Test
    void refusesATokenThatStaysTheSame() throws Exception {
        Path token = shell.file("token", "of another daemon\n").directory().resolve("token");
        try (Answering other =
                new Answering(answer("401 Unauthorized", "{\"code\":\"NOT_ALLOWED\",\"detail\":\"not this one\"}"))) {
            Run run = shell.run("events", "--server", other.address(), "--token-file", token.toString());

            assertThat(run.exit()).isEqualTo(5);
            assertThat(other.served.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"starting", "stopping"})
    void asksAgainForAnOperationWhileTheDaemonComesOrGoes(String which) throws Exception {
        try (Answering daemon = new Answering(
                answer("200 OK", MIGRATIONS),
                answer("202 Accepted", pausing("RUNNING")),
                answer("503 Service Unavailable", problem(which)),
                answer("200 OK", pausing("SUCCEEDED")))) {
            Run run = shell.run("pause", "--wait", "--server", daemon.address());

            assertThat(run.exit()).isZero();
            assertThat(run.out()).contains("SUCCEEDED");
        }
    }

    @Test
    void saysThatADaemonIsStarting() throws Exception {
        try (Answering daemon = new Answering(answer("503 Service Unavailable", problem("starting")))) {
            Run run = shell.run("pause", "--server", daemon.address());

            assertThat(run.exit()).isEqualTo(9);
            assertThat(run.err()).contains("a moment");
        }
    }

    @Test
    void doesNotKnowWhetherItWasDoneWhenTheAnswerGetsLost() throws Exception {
        try (Answering dying = new Answering(answer("200 OK", MIGRATIONS), "")) {
            Run run = shell.run("pause", "--server", dying.address());

            assertThat(run.exit()).isEqualTo(10);
            assertThat(run.err()).contains("OUTCOME_UNKNOWN: pause was sent");
            assertThat(dying.served.get()).isGreaterThan(2);
        }
    }

    private String address() {
        return "http://127.0.0.1:" + server.port();
    }

    private static String pausing(String status) {
        return "{\"id\":\"op-1\",\"type\":\"pause\",\"status\":\"%s\"}".formatted(status);
    }

    private static String problem(String kind) {
        return "{\"type\":\"urn:viridian:problem:%s\",\"code\":\"TIMED_OUT\",\"detail\":\"a moment\"}".formatted(kind);
    }

    private static String answer(String status, String body) {
        return "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.length(), body);
    }

    /** Answers the first connections as told, one answer each, and every later one with the last; empty hangs up. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger served = new AtomicInteger();

        Answering(String... answers) throws IOException {
            this(() -> {}, answers);
        }

        /** Does that once, before the first answer. */
        Answering(Runnable first, String... answers) throws IOException {
            Thread.ofVirtual().name("answering").start(() -> serve(first, answers));
        }

        String address() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        private void serve(Runnable first, String... answers) {
            try {
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        int turn = Math.min(served.getAndIncrement(), answers.length - 1);
                        readHead(client);
                        if (turn == 0) {
                            first.run();
                        }
                        OutputStream out = client.getOutputStream();
                        out.write(answers[turn].getBytes(StandardCharsets.UTF_8));
                        out.flush();
                    }
                }
            } catch (IOException closed) {
                served.addAndGet(0);
            }
        }

        private static void readHead(Socket client) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
