package io.viridian.cli;

import io.viridian.daemon.GeneratedPage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The help of every verb, as one page. */
class CliPageTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void theReferencePageHoldsTheHelpOfEveryVerb() {
        CommandLine whole = Program.commandLine(new Shell(directory)
                .surroundings(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())));
        GeneratedPage.named("cli.md").mustBe("""
                # Command line

                Made from the verbs in `io.viridian.cli`; a test compares.

                `./viridian VERB` at the repository root builds itself on first use and whenever the sources are newer. It needs JDK 25 and
                says where it looked when there is none. `VIRIDIAN_JAVA_OPTS` adds options for the JVM, `VIRIDIAN_HOME` runs an installed
                program without building.

                ## Conventions

                - Data goes to standard output, talk to standard error. `-o json` prints one compact document; `watch` and `events -f` print
                  one per line.
                - No colour and nothing drawn over when standard output is no terminal, when `NO_COLOR` is set, or `TERM` is `dumb`.
                - Verbs that concern a running migration find the daemon by `--server`, else by `http.listen` of the configuration, else at
                  `http://127.0.0.1:7080`; the token by `--token-file`, else where the daemon of that configuration wrote it. The token is
                  read again for every request, because a daemon makes a new one at every start. Reading on the daemon's machine needs none.
                - `cutover`, `rollback`, `abort`, `finalize`, `arm`, `override` and `canary start` ask for the migration's name on a terminal and
                  need `--confirm NAME` elsewhere. They send the version they looked at; if the migration changed meanwhile, the daemon refuses with exit code 4.
                - Requests are sent again under the same Idempotency-Key when an answer gets lost, so that they happen once.
                - `--wait` goes on waiting while the daemon restarts, for five minutes of silence or until `--timeout`. Interrupting it does
                  not stop the operation.
                - What the contract names and nothing stands behind yet answers `NOT_YET` with exit code 2 and what works today.

                ## Exit codes

                | code | meaning |
                |---:|---|
                %s
                A refusal or a failed operation exits with the number of its fault code; `viridian explain CODE` says which. No daemon
                answering counts as 9, because it is worth another try; an answer that got lost after a request was sent is 10. With `--wait` an
                operation that was cancelled by another one is 4, and one whose outcome stays unknown for a long poll more is 10.

                ## viridian

                ```text
                %s```
                %s""".formatted(exitCodes(), help(whole), verbs("viridian", whole)));
    }

    private static String exitCodes() {
        return Arrays.stream(ExitCode.values())
                .map(code -> "| %d | %s |\n".formatted(code.number(), code.meaning()))
                .collect(Collectors.joining());
    }

    private static String verbs(String parent, CommandLine line) {
        return line.getSubcommands().entrySet().stream()
                .map(entry -> verb(parent, entry))
                .collect(Collectors.joining());
    }

    private static String verb(String parent, Map.Entry<String, CommandLine> entry) {
        String name = parent + " " + entry.getKey();
        return "\n## %s\n\n```text\n%s```\n%s".formatted(name, help(entry.getValue()), verbs(name, entry.getValue()));
    }

    private static String help(CommandLine line) {
        return line.getUsageMessage()
                .lines()
                .map(text -> text.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }
}
