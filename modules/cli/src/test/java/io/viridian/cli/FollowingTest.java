package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.daemon.http.Samples;
import io.viridian.migration.Operation;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that stay while the daemon comes and goes. */
class FollowingTest {
    private final InMemoryControl control = new InMemoryControl();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private LiveServer server;
    private Shell shell;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = LiveServer.of(control, directory.resolve("state"));
        shell = new Shell(directory).configured(server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void followsTheEventsAcrossARestartOfTheDaemonWithoutLossOrRepetition() throws Exception {
        control.happen("state.changed", "one");
        Thread following = Thread.ofVirtual().start(() -> run("events", "-f"));
        await(() -> out.toString().contains("one"));

        restart();
        control.happen("state.changed", "two");
        await(() -> out.toString().contains("two"));

        following.interrupt();
        following.join(LiveServer.PATIENCE);
        assertThat(out.toString().lines().map(line -> line.replaceFirst(".*#(\\d+).*", "$1")))
                .containsExactly("1", "2");
    }

    @Test
    void followsTheEventsAsOneDocumentPerLine() throws Exception {
        control.happen("state.changed", "one");
        Thread following = Thread.ofVirtual().start(() -> run("events", "-f", "-o", "json", "--since", "0"));

        await(() -> out.toString().contains("\n"));

        following.interrupt();
        following.join(LiveServer.PATIENCE);
        assertThat(out.toString().strip())
                .isEqualTo(
                        "{\"number\":1,\"at\":\"2026-12-01T02:00:00Z\",\"type\":\"state.changed\",\"text\":\"one\"}");
    }

    @Test
    void waitsForTheEndOfAnOperationAcrossARestartOfTheDaemon() throws Exception {
        CompletableFuture<Integer> waiting =
                CompletableFuture.supplyAsync(() -> run("cutover", "--confirm", "shop-v2", "--wait"));
        await(() -> err.toString().contains("was accepted"));

        restart();
        control.become(control.operation("op-1")
                .orElseThrow()
                .running(Samples.NOW)
                .finished(Operation.Status.UNDONE, Map.of(), Samples.LATER));

        assertThat(waiting.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(11);
    }

    @Test
    void givesUpWaitingForADaemonThatStaysAway() throws Exception {
        CompletableFuture<Integer> waiting =
                CompletableFuture.supplyAsync(() -> run("verify", "--wait", "--timeout", "2s"));
        await(() -> err.toString().contains("was accepted"));

        server.close();

        assertThat(waiting.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(9);
    }

    private void restart() throws InterruptedException {
        int port = server.port();
        server.close();
        server = LiveServer.on(port, control, shell.directory().resolve("state"));
    }

    private int run(String... arguments) {
        return Program.run(shell.surroundings(new PrintWriter(out), new PrintWriter(err)), arguments);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        assertThat(new Waiter().awaitUntil(condition, Deadline.after(Clock.system(), LiveServer.PATIENCE)))
                .isTrue();
    }
}
