package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.cli.Shell.Run;
import io.viridian.control.ConflictView;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.daemon.http.Samples;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Operation;
import io.viridian.migration.Operation.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskingVerbsTest {
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

    @Nested
    class Asking {
        @ParameterizedTest
        @ValueSource(strings = {"verify", "rehearse", "disarm", "approve", "pause", "resume"})
        void needsNoConfirmationForWhatLosesNothing(String verb) {
            Run run = shell.run(verb, "--reason", "why not");

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).startsWith("op-1  " + verb + "  PENDING\n").endsWith("Next: viridian watch\n");
            assertThat(last().reason()).isEqualTo("why not");
            assertThat(last().by()).isEqualTo("admin");
        }

        @Test
        void hasATokenLeftWhereTheDaemonWroteIt() throws Exception {
            Path token = Files.copy(server.tokenFile(), shell.directory().resolve("my-token"));

            Run run = shell.run(
                    "pause", "--server", "http://localhost:" + server.port() + "/", "--token-file", token.toString());

            assertThat(run.exit()).as(run.err()).isZero();
        }

        @Test
        void passesWhatTheVerbsTake() {
            shell.run("verify", "--table", "public.items", "--level", "basic");
            assertThat(last().parameters())
                    .containsOnly(Map.entry("table", "public.items"), Map.entry("level", "basic"));
            shell.run("rehearse", "--times", "3");
            assertThat(last().parameters()).containsOnly(Map.entry("times", "3"));
            shell.run("cutover", "--plan", "1f2e3d4c5b6a7988", "--confirm", "shop-v2");
            assertThat(last().parameters()).containsOnly(Map.entry("plan", "1f2e3d4c5b6a7988"));
            shell.run("rollback", "--accept-data-loss", "t1", "--confirm", "shop-v2");
            assertThat(last().parameters()).containsOnly(Map.entry("accept_data_loss", "t1"));
        }

        @Test
        void armsOnTheTermsThatAreGiven() {
            shell.run(
                    "arm",
                    "--max-lag=500ms",
                    "--stable-for=1m",
                    "--window=2026-12-01T02:00:00Z/2026-12-01T04:00:00Z",
                    "--attempts=2",
                    "--expires-after=6h",
                    "--confirm=shop-v2");

            assertThat(last().parameters())
                    .containsOnly(
                            Map.entry("max_lag", "500ms"),
                            Map.entry("stable_for", "60000ms"),
                            Map.entry("not_before", "2026-12-01T02:00:00Z"),
                            Map.entry("not_after", "2026-12-01T04:00:00Z"),
                            Map.entry("attempts", "2"),
                            Map.entry("expires_after", "21600000ms"));
            Run half = shell.run("arm", "--window=2026-12-01T02:00:00Z", "--confirm=shop-v2");
            assertThat(half.exit()).isEqualTo(2);
            assertThat(half.err()).contains("--window must be two moments");
        }

        @Test
        void startsAndStopsACanaryAndShowsItsConflicts() {
            assertThat(shell.run("canary", "start").exit())
                    .as("without --confirm")
                    .isNotZero();
            shell.run("canary", "start", "--for=30m", "--conflicts=blue-wins", "--confirm=shop-v2");
            assertThat(last().parameters())
                    .containsOnly(
                            Map.entry("action", "start"),
                            Map.entry("for", "1800000ms"),
                            Map.entry("conflicts", "blue-wins"));
            shell.run("canary", "stop");
            assertThat(last().parameters()).containsOnly(Map.entry("action", "stop"));

            assertThat(shell.run("canary", "conflicts").out()).isEqualTo("No row was changed on both sides.\n");
            control.showConflicts(List.of(new ConflictView(
                    "public.note",
                    List.of("7"),
                    "missing-row",
                    Optional.of("{\"id\": 7}"),
                    Optional.empty(),
                    Instant.EPOCH,
                    Instant.EPOCH,
                    "0/1",
                    "0/2",
                    "blue-wins",
                    "blue-wins",
                    Instant.EPOCH)));
            assertThat(shell.run("canary", "conflicts").out())
                    .contains("missing-row of public.note [\"7\"]: blue-wins", "{\"id\":7}", "no such row");
        }

        @Test
        void overridesAGateAndTakesItBack() {
            shell.run("override", "tx.longest", "--for=2h", "--reason=the report may wait", "--confirm=shop-v2");
            assertThat(last().parameters())
                    .containsOnly(Map.entry("gate", "tx.longest"), Map.entry("for", "7200000ms"));
            assertThat(last().reason()).isEqualTo("the report may wait");
            shell.run("override", "tx.longest", "--withdraw", "--reason=it may not", "--confirm=shop-v2");
            assertThat(last().parameters())
                    .containsOnly(Map.entry("gate", "tx.longest"), Map.entry("withdraw", "true"));
            shell.run("approve", "--withdraw", "--reason=it rains");
            assertThat(last().parameters()).containsOnly(Map.entry("withdraw", "true"));
            assertThat(shell.run("override", "tx.longest", "--reason=x").exit())
                    .as("without a confirmation")
                    .isEqualTo(2);
        }

        @Test
        void refusesARehearsalOfNothing() {
            assertThat(shell.run("rehearse", "--times", "0").exit()).isEqualTo(2);
            assertThat(shell.run("rehearse", "--times", "many").exit()).isEqualTo(2);
        }
    }

    @Nested
    class Confirming {
        @ParameterizedTest
        @ValueSource(strings = {"cutover", "arm", "rollback", "abort", "finalize"})
        void goesOnWithTheNameGiven(String verb) {
            Run run = shell.run(verb, "--confirm", "shop-v2");

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(last().type().text()).isEqualTo(verb);
        }

        @ParameterizedTest
        @ValueSource(strings = {"cutover", "arm", "rollback", "abort", "finalize"})
        void asksNothingOfTheDaemonWithoutAName(String verb) {
            Run run = shell.run(verb);

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("--confirm shop-v2");
            assertThat(run.out()).isEmpty();
            assertThat(control.operations(1)).isEmpty();
        }

        @Test
        void asksNothingOfTheDaemonWithAnotherName() {
            Run run = shell.run("cutover", "--confirm", "shop-v1");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("'shop-v1' is not the migration's name");
            assertThat(control.operations(1)).isEmpty();
        }

        @Test
        void asksThePersonAtATerminal() {
            Run run = shell.at(true).typing("shop-v2").run("cutover");

            assertThat(run.exit()).isZero();
            assertThat(run.err())
                    .contains("shop-v2 is READY, writes are on blue.")
                    .contains("The cutover pauses writes for a moment")
                    .contains("Type the migration's name (shop-v2) to go on: ");
            assertThat(last().type()).isEqualTo(Operation.Type.CUTOVER);
        }

        @Test
        void takesAnythingElseTypedAsNo() {
            assertThat(shell.at(true).typing("yes").run("abort").exit()).isEqualTo(2);
            assertThat(shell.at(true).typing("").run("abort").exit()).isEqualTo(2);
            assertThat(control.operations(1)).isEmpty();
        }
    }

    @Nested
    class Waiting {
        @Test
        void printsTheFinishedOperation() throws Exception {
            control.finishWith(Status.SUCCEEDED, Map.of("write_pause_ms", "82.5", "new_owner", "green"));

            Run run = shell.run("cutover", "--confirm", "shop-v2", "--wait");

            assertThat(run.exit()).isZero();
            assertThat(run.out()).isEqualTo("""
                    op-1  cutover  SUCCEEDED  in 1.5 s
                    Write pause  82.5 ms
                    new owner: green
                    Next: viridian cutover moves the writes to green.
                    """);
            assertThat(run.err()).contains("cutover op-1 was accepted");
            JsonNode json = new ObjectMapper()
                    .readTree(shell.run("cutover", "--confirm", "shop-v2", "--wait", "-o", "json")
                            .out());
            assertThat(json.path("write_pause_ms").asDouble()).isEqualTo(82.5);
            assertThat(json.path("started").asText()).isEqualTo("2026-12-01T02:00:00Z");
            assertThat(json.path("finished").asText()).isEqualTo("2026-12-01T02:00:01.500Z");
            assertThat(json.path("result").isObject()).isTrue();
        }

        @ParameterizedTest
        @CsvSource({
            "SUCCEEDED, '', 0",
            "SUCCEEDED, VERIFY_MISMATCH, 12",
            "FAILED, VERIFY_MISMATCH, 12",
            "FAILED, GATE_REFUSED, 3",
            "FAILED, BLUE_UNREACHABLE, 6",
            "FAILED, GREEN_FAILED, 7",
            "FAILED, TRAFFIC_FAILED, 8",
            "FAILED, TIMED_OUT, 9",
            "FAILED, '', 1",
            "FAILED, FROM_THE_FUTURE, 1",
            "UNDONE, BUDGET_EXCEEDED, 11",
            "CANCELLED, '', 4"
        })
        void letsTheExitCodeSayHowItWent(Status status, String code, int exit) {
            control.finishWith(status, code.isEmpty() ? Map.of() : Map.of("code", code));

            Run run = shell.run("cutover", "--confirm", "shop-v2", "--wait");

            assertThat(run.exit()).isEqualTo(exit);
            assertThat(run.out()).contains(status.name());
        }

        @Test
        void saysUnknownWhenItStaysUnknown() {
            control.finishWith(Status.UNKNOWN, Map.of());

            assertThat(shell.run("cutover", "--confirm", "shop-v2", "--wait", "--timeout", "100ms")
                            .exit())
                    .isEqualTo(10);
        }

        @Test
        void stopsWaitingAfterTheTimeAndShowsTheOperationAsItIs() {
            Run run = shell.run("verify", "--wait", "--timeout", "100ms");

            assertThat(run.exit()).isEqualTo(9);
            assertThat(run.out()).startsWith("op-1  verify  PENDING").endsWith("Next: viridian watch\n");
        }

        @Test
        void refusesATimeThatIsNone() {
            Run run = shell.run("verify", "--wait", "--timeout", "soon");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("'soon' is no duration");
        }
    }

    @Nested
    class Refused {
        @ParameterizedTest
        @CsvSource({
            "GATE_REFUSED, 3",
            "CONFLICT, 4",
            "NOT_ALLOWED, 5",
            "USAGE, 2",
            "ROLLBACK_IMPOSSIBLE, 3",
            "OUTCOME_UNKNOWN, 10",
            "BLUE_REFUSED, 6",
            "BUG, 1"
        })
        void exitsWithTheNumberOfTheFault(FaultCode code, int exit) {
            control.refuse(Fault.about(code, "tx.longest", "a transaction runs for 212 s"));

            Run run = shell.run("cutover", "--confirm", "shop-v2", "--wait");

            assertThat(run.exit()).isEqualTo(exit);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains("viridian: " + code + ": a transaction runs for 212 s (tx.longest)\n  fix: ");
        }

        @Test
        void tellsOfAMigrationThatChangedSinceItWasLookedAt() {
            Run run = shell.at(true).typing("shop-v2").run("cutover", "--plan", "0000");

            assertThat(run.exit()).isEqualTo(3);
            assertThat(run.err()).contains("PLAN_CHANGED", "the plan is 1f2e3d4c5b6a7988");
        }

        @Test
        void needsAToken() {
            Run run = shell.run("pause", "--token-file", "nowhere");

            assertThat(run.exit()).isEqualTo(5);
            assertThat(run.err()).contains("NOT_ALLOWED: no token was sent", "nowhere", "--token-file");
        }

        @Test
        void refusesATokenOfBefore() {
            Run run = shell.file("old", "viridian_old\n").run("pause", "--token-file", "old");

            assertThat(run.exit()).isEqualTo(5);
            assertThat(run.err()).contains("a daemon makes a new token at every start");
        }
    }

    private Operation last() {
        List<Operation> newest = control.operations(1);
        assertThat(newest).as("an operation was asked for").isNotEmpty();
        assertThat(newest.getFirst().requested()).isEqualTo(Samples.NOW);
        return newest.getFirst();
    }
}
