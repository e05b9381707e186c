package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.cli.Shell.Run;
import io.viridian.control.TableView;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.daemon.http.Samples;
import io.viridian.migration.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookingVerbsTest {
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
    void alignsTheTables() {
        assertThat(shell.run("tables").out()).isEqualTo("""
                SOURCE         TARGET           STATE     ROWS      SIZE   DONE  VERIFIED
                public.items   catalog.product  done     1,000  61.0 MiB  100 %  clean
                public.orders  public.orders    copying    500   5.9 KiB   25 %  never
                """);
    }

    @Test
    void neverCallsAnUnfinishedTableDone() {
        control.showTables(List.of(new TableView("a.b", "a.b", "copying", 9, 9, 1_001, 1_000, 0, "never")));

        assertThat(shell.run("tables").out()).contains(" 99 %");
    }

    @Test
    void showsTheGatesAndWhatToDoAboutThoseThatFail() {
        control.show(Samples.failingGates());

        assertThat(shell.run("gates").out()).isEqualTo("""
                GATE          STATUS   VALUE             LIMIT      SINCE
                repl.healthy  passing  streaming         streaming  1 d 2 h ago
                tx.longest    failed   212 s (pid 4411)  1 s        1 d 2 h ago
                Next: End the transaction of pid 4411. (tx.longest)
                """);
    }

    @Test
    void showsThatAGateIsOverriddenByWhomAndWhy() {
        control.show(Samples.overriddenGates());

        assertThat(shell.run("gates").out()).isEqualTo("""
                GATE          STATUS              VALUE             LIMIT      SINCE
                repl.healthy  passing             streaming         streaming  1 d 2 h ago
                tx.longest    failed, overridden  212 s (pid 4411)  1 s        1 d 2 h ago
                tx.longest: Overridden by ada until 2026-12-01T03:00:00Z: the report may wait
                Next: no gate is in the way; what does not pass is overridden.
                """);
        assertThat(shell.run("gates", "--explain", "tx.longest").out())
                .contains("tx.longest  failed, overridden since", "Overridden by ada until 2026-12-01T03:00:00Z");
        assertThat(shell.run("status").out())
                .contains("1 of 2 passing", "failed, overridden  tx.longest", "the report may wait");
    }

    @Test
    void theReportKeepsWhatPeoplePutTheirNamesTo() {
        control.show(Samples.consented());

        assertThat(shell.run("report").out()).contains("""
                ## Overrides and approvals

                | at | what | by | until | reason |
                |---|---|---|---|---|
                | 2026-12-01T02:00:00Z | override of tx.longest | ada | 2026-12-01T03:00:00Z | the report may wait |
                | 2026-12-01T02:00:00Z | override of tx.longest taken back | ben |  | it may not |
                """);
    }

    @Test
    void saysWhenEveryGatePasses() {
        assertThat(shell.run("gates").out()).endsWith("Next: every gate passes.\n");
    }

    @Test
    void explainsOneGate() {
        control.show(Samples.failingGates());

        assertThat(shell.run("gates", "--explain", "tx.longest").out()).isEqualTo("""
                tx.longest  failed since 2026-12-01T02:00:00Z
                No transaction on blue is older than cutover.longest-writer; the fence would wait for it.
                Value   212 s (pid 4411)
                Limit   1 s
                Next: End the transaction of pid 4411.
                """);
        Run unknown = shell.run("gates", "--explain", "moon.phase");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("no gate 'moon.phase'", "repl.healthy tx.longest");
    }

    @Test
    void showsWhatHappened() {
        assertThat(shell.run("events").out()).isEqualTo("Nothing happened yet.\n");
        control.happen("state.changed", "NEW to PREFLIGHT");
        control.happen("operation.finished", "op-1 SUCCEEDED");

        assertThat(shell.run("events").out()).isEqualTo("""
                2026-12-01T02:00:00Z  #1  state.changed           NEW to PREFLIGHT
                2026-12-01T02:00:00Z  #2  operation.finished      op-1 SUCCEEDED
                """);
        assertThat(shell.run("events", "--since", "1").out()).contains("#2").doesNotContain("#1");
    }

    @Test
    void showsTheNewestOfMoreEventsThanTheDaemonGivesAtOnce() throws Exception {
        for (int number = 1; number <= 2001; number++) {
            control.happen("noise", "event " + number);
        }

        assertThat(shell.run("events").out().lines())
                .hasSize(2001)
                .last()
                .asString()
                .contains("#2001");
        assertThat(new ObjectMapper()
                        .readTree(shell.run("events", "-o", "json").out())
                        .path("last")
                        .asInt())
                .isEqualTo(2001);
    }

    @Test
    void showsTheRowsThatDiffer() {
        control.verified(Samples.differingVerification());

        Run run = shell.run("diff", "catalog.product");

        assertThat(run.exit()).isEqualTo(12);
        assertThat(run.out()).isEqualTo("""
                public.items -> catalog.product: 3 rows differ
                  id=5  different
                    price_cents: expected 1200, found 1199
                  id=6  missing
                  and 1 more
                As of 2026-12-01T02:00:00Z.
                Next: find who wrote, mend the rows, then `viridian verify --wait`.
                """);
        assertThat(shell.run("diff", "public.items").exit()).isEqualTo(12);
        assertThat(shell.run("diff").exit()).isEqualTo(12);
        assertThat(shell.run("diff", "items", "-o", "json").out())
                .contains("\"found\":\"1199\"")
                .doesNotContain("orders");
    }

    @Test
    void isContentWithATableThatIsEqual() {
        control.verified(Samples.differingVerification());

        Run run = shell.run("diff", "orders");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("public.orders -> public.orders: equal, 2,000 rows", "Next: nothing to do.");
    }

    @Test
    void comparesNothingThatWasNotVerified() {
        Run never = shell.run("diff", "orders");
        assertThat(never.exit()).isEqualTo(2);
        assertThat(never.err()).contains("no verification has ended yet", "viridian verify --wait");

        control.verified(Samples.cleanVerification());
        Run unknown = shell.run("diff", "public.lunch");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("no table 'public.lunch'", "catalog.product");
    }

    @Test
    void asksTheDaemonForPlans() {
        Run run = shell.run("plan", "cutover");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("""
                Plan of the cutover  1f2e3d4c5b6a7988

                 1. FENCE  Lock the tables of blue  (5 ms)
                      lock table public.items
                 2. DRAIN  Wait for the marker

                warning  blue.wal-keep  blue: max_slot_wal_keep_size is not set
                      alter system …
                note     green.version  green: PostgreSQL 18

                Nothing was changed.
                Next: viridian cutover --plan 1f2e3d4c5b6a7988
                """);
        assertThat(shell.run("plan").out()).startsWith("Plan of the migration").endsWith("Next: viridian run\n");
        assertThat(shell.run("plan", "lunch").exit()).isEqualTo(2);
    }

    @Test
    void printsTheCertificateAsMarkdown() throws Exception {
        control.happen("state.changed", "NEW to PREFLIGHT | done");
        control.verified(Samples.differingVerification());
        control.finishWith(Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "82.5"));
        shell.run("cutover", "--confirm", "shop-v2", "--reason", "tonight");

        Run report = shell.run("report");

        assertThat(report.out())
                .startsWith("# Migration shop-v2\n\nAs of 2026-12-02T04:00:00Z: **READY**, writes on blue")
                .contains("| public.items | catalog.product | done | 1,000 | 61.0 MiB | clean |")
                .contains("3,000 rows in 2 tables compared in 12 s, **3 rows differ**.")
                .contains("| 2026-12-01T02:00:00Z | cutover | SUCCEEDED | 82.5 ms | admin | tonight |")
                .contains("- 2026-12-01T02:00:00Z state.changed: NEW to PREFLIGHT \\| done");
        assertThat(shell.run("report", "-o", "md").out()).isEqualTo(report.out());
        assertThat(new ObjectMapper()
                        .readTree(shell.run("report", "-o", "json").out())
                        .path("migration")
                        .asText())
                .isEqualTo("shop-v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tables", "gates", "events", "plan"})
    void printsOneDocumentAsJson(String verb) throws Exception {
        Run run = shell.run(verb, "-o", "json");

        assertThat(run.exit()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        assertThat(new ObjectMapper().readTree(run.out()).isObject()).isTrue();
    }
}
