package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.FaultCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The names of the contract, copied by hand: a rename must fail here. */
class ContractTest {
    static final List<String> GATES = words("""
            repl.healthy lag.seconds lag.stable slot.safe backfill.complete verify.fresh verify.clean schema.quiet tx.longest
            locks.none prepared.none sequences.ready green.ready green.no-foreign-writes reverse.proven traffic.reachable
            pause.predicted window.open hook.* approval""");

    private static final List<String> VERBS = words("""
            init config check plan run demo status watch tables gates events errors pause resume throttle tune verify diff
            repair rehearse arm disarm cutover rollback abort finalize report explain-row explain support-bundle audit token
            completion version compatibility-report override approve canary""");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void hasEveryVerb() {
        assertThat(whole().getSubcommands().keySet()).containsExactlyInAnyOrderElementsOf(VERBS);
        assertThat(command("config").getSubcommands().keySet()).containsExactlyInAnyOrder("validate", "show", "schema");
    }

    @Test
    void hasEveryOption() {
        assertThat(command("token").getSubcommands().keySet()).containsExactlyInAnyOrder("create", "revoke");
        assertThat(command("canary").getSubcommands().keySet()).containsExactlyInAnyOrder("start", "stop", "conflicts");
        assertThat(options("check")).contains("--grants", "-c", "-o");
        assertThat(options("watch")).contains("--until", "--timeout");
        assertThat(options("gates")).contains("--explain");
        assertThat(options("events")).contains("-f");
        assertThat(options("verify")).contains("--table", "--level", "--wait");
        assertThat(options("rehearse")).contains("--times");
        assertThat(options("arm")).contains("--max-lag", "--stable-for", "--window", "--attempts", "--confirm");
        assertThat(options("override")).contains("--reason", "--confirm", "--withdraw", "--for", "--wait");
        assertThat(options("approve")).contains("--reason", "--withdraw", "--wait");
        assertThat(options("cutover")).contains("--plan", "--reason", "--wait", "--confirm");
        assertThat(options("rollback")).contains("--reason", "--wait", "--direct", "--accept-data-loss", "--confirm");
        assertThat(options("abort")).contains("--confirm");
        assertThat(options("finalize")).contains("--confirm");
        assertThat(options("report")).contains("-o");
        for (String verb : words(
                "status watch tables gates events pause resume verify diff rehearse arm disarm cutover rollback abort"
                        + " finalize report plan")) {
            assertThat(options(verb)).as(verb).contains("-c", "--config", "--server", "--token-file", "-o", "--help");
        }
    }

    @Test
    void knowsEveryGate() {
        assertThat(GateText.MEANINGS.keySet()).containsExactlyElementsOf(GATES);
    }

    @Test
    void keepsTheExitCodes() {
        assertThat(Arrays.stream(ExitCode.values()).map(code -> code.name() + "=" + code.number()))
                .containsExactly(
                        "OK=0",
                        "BUG=1",
                        "USAGE=2",
                        "REFUSED=3",
                        "CONFLICT=4",
                        "NOT_ALLOWED=5",
                        "BLUE=6",
                        "GREEN=7",
                        "TRAFFIC=8",
                        "TIMED_OUT=9",
                        "UNKNOWN=10",
                        "UNDONE=11",
                        "MISMATCH=12",
                        "INTERRUPTED=130");
        for (FaultCode code : FaultCode.values()) {
            assertThat(ExitCode.of(code.exitCode())).as(code.name()).isPresent();
        }
    }

    private CommandLine whole() {
        return Program.commandLine(new Shell(directory)
                .surroundings(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())));
    }

    private CommandLine command(String verb) {
        return Optional.ofNullable(whole().getSubcommands().get(verb)).orElseThrow();
    }

    private List<String> options(String verb) {
        return command(verb).getCommandSpec().options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .toList();
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+", -1));
    }
}
