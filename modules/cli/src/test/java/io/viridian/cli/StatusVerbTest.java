package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.cli.Shell.Run;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.daemon.http.Samples;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusVerbTest {
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
    void showsWhereTheMigrationStandsAndEndsWithWhatToDo() {
        control.show(Samples.failingGates());

        Run run = shell.run("status");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                shop-v2  READY  since 1 d 2 h
                Writes    on blue
                Forward   lag 0.3 s / 1.8 MiB
                Backfill  2 of 2 tables, 1.9 GiB of 1.9 GiB, 1,234,567 rows
                Verify    clean, 26 min ago
                Gates     1 of 2 passing
                          failed  tx.longest: 212 s (pid 4411), limit 1 s. End the transaction of pid 4411.
                Rollback  lossless
                Next: viridian cutover moves the writes to green.
                """);
    }

    @Test
    void showsAFaultWithItsRemedyAndTheFlags() {
        control.show(Samples.halted());

        assertThat(shell.run("status").out()).isEqualTo("""
                shop-v2  HALTED  since 1 d 2 h
                Writes    on blue
                Forward   lag 0.3 s / 1.8 MiB
                Reverse   lag 1.5 s / 10 B
                Backfill  2 of 2 tables, 1.9 GiB of 1.9 GiB, 1,234,567 rows
                Verify    mismatch, 1 d 2 h ago
                Gates     2 of 2 passing
                Rollback  impossible(not switched yet)
                Flags     paused(maintenance)
                Fault     ROW_REFUSED: green refuses id=5 (catalog.product) [SQLSTATE 23514]
                          Mend the row on blue.
                Next: viridian resume goes on after the row was mended.
                """);
    }

    @Test
    void saysWhatIsNotKnownAndStillWhatToDo() {
        control.show(Samples.backfilling());

        assertThat(shell.run("status").out())
                .contains("Forward   lag not known / not known\n")
                .contains("1 of 2 tables, 954 MiB of 1.9 GiB, 617,283 rows, about 1 min 35 s to go\n")
                .contains("Verify    never\n")
                .endsWith("Next: nothing to do; `viridian watch` follows what happens.\n");
    }

    @Test
    void namesWhoHasNotLeftTheClosedSide() {
        control.show(Samples.consented());

        assertThat(shell.run("status").out()).contains("""
                Closed    green, 3 statements refused, 2 client sessions:
                          2 of app (billing) from 10.0.0.7
                """);
    }

    @Test
    void namesTheStepOfASwitch() {
        control.show(Samples.in("CUTTING_OVER", "DRAIN", "none"));

        assertThat(shell.run("status").out())
                .startsWith("shop-v2  CUTTING_OVER DRAIN  since")
                .contains("Writes    on neither side");
    }

    @Test
    void printsOneCompactDocumentOnRequest() throws Exception {
        Run run = shell.run("status", "-o", "json");

        assertThat(run.out().lines()).hasSize(1);
        JsonNode status = new ObjectMapper().readTree(run.out());
        assertThat(status.fieldNames())
                .toIterable()
                .contains(
                        "migration",
                        "state",
                        "step",
                        "owner",
                        "lag",
                        "backfill",
                        "verification",
                        "rollback",
                        "gates",
                        "allowedActions",
                        "next");
        assertThat(status.at("/lag/bytes").asLong()).isEqualTo(1_900_000);
        assertThat(status.at("/gates/0/id").asText()).isEqualTo("repl.healthy");
        assertThat(shell.run("status", "-o", "JSON").out()).isEqualTo(run.out());
    }

    @Test
    void usesColoursOnlyOnATerminalAndOnlyIfWanted() {
        control.show(Samples.failingGates());

        assertThat(shell.run("status").out()).doesNotContain("\u001B");
        assertThat(shell.at(true).run("status").out()).contains("\u001B[31mfailed\u001B[0m");
        assertThat(shell.with("NO_COLOR", "1").run("status").out()).doesNotContain("\u001B");
    }

    @Test
    void readsWithoutAToken() {
        assertThat(shell.run("status", "--server", "http://127.0.0.1:" + server.port(), "--token-file", "nowhere")
                        .exit())
                .isZero();
    }
}
