package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cli.Shell.Run;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.daemon.http.Samples;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchVerbTest {
    private final InMemoryControl control = new InMemoryControl();
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
    void stopsAtTheStateThatIsWaitedFor() {
        Run run = shell.run("watch", "--until", "READY");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        "2026-12-02T04:00:00Z READY owner=blue copy=100% lag=0.3s/1.8MiB gates=2/2 verification=clean\n");
        assertThat(shell.run("watch", "--until", "switched,ready").exit()).isZero();
    }

    @Test
    void printsALinePerChangeAndNoneForMeasurements() throws Exception {
        control.show(Samples.backfilling());
        StringWriter out = new StringWriter();
        Surroundings around = shell.surroundings(new PrintWriter(out), new PrintWriter(new StringWriter()));
        CompletableFuture<Integer> watching = CompletableFuture.supplyAsync(
                () -> Program.run(around, "watch", "--until", "READY", "--every", "10ms"));

        await(() -> out.toString().contains("BACKFILLING"));
        control.show(Samples.ready());

        assertThat(watching.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "2026-12-02T04:00:00Z BACKFILLING owner=blue copy=50% lag=unknown/unknown gates=2/2 "
                                + "verification=never eta=1min35s throttled(replica-lag)",
                        "2026-12-02T04:00:00Z READY owner=blue copy=100% lag=0.3s/1.8MiB gates=2/2 verification=clean");
    }

    @Test
    void drawsOverItselfOnATerminal() throws Exception {
        shell.at(true);
        StringWriter out = new StringWriter();
        Surroundings around = shell.surroundings(new PrintWriter(out), new PrintWriter(new StringWriter()));
        CompletableFuture<Integer> watching = CompletableFuture.supplyAsync(
                () -> Program.run(around, "watch", "--until", "SWITCHED", "--every", "10ms"));

        await(() -> out.toString().contains("READY"));
        control.show(Samples.in("SWITCHED", "", "green"));

        assertThat(watching.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isZero();
        assertThat(out.toString())
                .contains("\u001B[8A\u001B[J")
                .endsWith("Next: viridian cutover moves the writes to green.\n");
    }

    @Test
    void drawsNothingOverWhereNoColourIsWanted() {
        shell.at(true).with("NO_COLOR", "1");

        assertThat(shell.run("watch", "--until", "READY").out())
                .contains("READY owner=blue")
                .hasLineCount(1)
                .doesNotContain("\u001B");
    }

    @Test
    void printsADocumentPerChangeAsJson() {
        assertThat(shell.run("watch", "--until", "READY", "-o", "json").out())
                .startsWith("{\"migration\":\"shop-v2\"")
                .hasLineCount(1);
    }

    @Test
    void stopsAfterTheTime() {
        Run run = shell.run("watch", "--until", "SWITCHED", "--timeout", "50ms", "--every", "10ms");

        assertThat(run.exit()).isEqualTo(9);
        assertThat(run.err()).contains("TIMED_OUT: not SWITCHED after 50 ms");
    }

    @Test
    void stopsWithTheFaultsNumberWhenTheMigrationHalts() {
        control.show(Samples.halted());

        Run run = shell.run("watch", "--until", "READY");

        assertThat(run.exit()).isEqualTo(7);
        assertThat(run.err()).contains("ROW_REFUSED: green refuses id=5");
        assertThat(shell.run("watch", "--until", "HALTED").exit()).isZero();
    }

    @Test
    void stopsWhenTheMigrationHasEnded() {
        control.show(Samples.in("ABORTED", "", "blue"));

        assertThat(shell.run("watch").exit()).isZero();
        assertThat(shell.run("watch", "--until", "READY").exit()).isEqualTo(3);
        assertThat(shell.run("watch", "--until", "ABORTED").exit()).isZero();
    }

    @Test
    void waitsForADaemonThatIsNotThereYetAsLongAsItMay() throws Exception {
        int port = server.port();
        server.close();
        StringWriter err = new StringWriter();
        Surroundings around = shell.surroundings(new PrintWriter(new StringWriter()), new PrintWriter(err));
        CompletableFuture<Integer> watching = CompletableFuture.supplyAsync(
                () -> Program.run(around, "watch", "--until", "READY", "--timeout", "20s", "--every", "10ms"));
        await(() -> err.toString().contains("trying again"));

        server = LiveServer.on(port, control, shell.directory().resolve("state"));

        assertThat(watching.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isZero();
        assertThat(err.toString().lines().filter(line -> line.contains("trying again")))
                .hasSize(1);
    }

    @Test
    void givesUpAtOnceWithoutADaemonAndWithoutATime() {
        server.close();

        assertThat(shell.run("watch").exit()).isEqualTo(9);
    }

    @Test
    void knowsTheStatesOfTheContractOnly() {
        Run run = shell.run("watch", "--until", "LUNCH");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no state 'LUNCH'", "CUTTING_OVER");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        assertThat(new Waiter().awaitUntil(condition, Deadline.after(Clock.system(), LiveServer.PATIENCE)))
                .isTrue();
    }
}
