package io.viridian.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.pages.GeneratedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class FaultPageTest {
    @Test
    void theReferencePageHoldsEveryFault() {
        GeneratedPage.named("reference/faults.md").mustBe("""
                # Faults

                Made from `io.viridian.fault.FaultCode`; a test compares.

                A fault is the world failing, told completely: code, what failed on which object, the server's SQLSTATE if a server
                spoke, and what can be done. `viridian status` shows the one that holds the migration up, `viridian explain CODE` prints
                a line of this table, HTTP problem bodies carry the code as `code` and the remedy as `fix`, and the exit code of a verb
                is that of the fault it ended with.

                **Tried again** says who may try again:

                - *by itself*: the daemon does, with back-off from 0.2 s to 10 s (streams to 5 s), for as long as it takes, and shows the
                  fault meanwhile. Nobody has to act, unless it lasts.
                - *after mending*: trying again makes sense only when somebody has changed something. The migration is `HALTED` until
                  `viridian resume`; in the middle of a switch it is tried again by itself, because writers are waiting.
                - *never*: trying again cannot help. The migration is `HALTED`, or the command is refused.

                Two more things can go wrong that are no faults of the world. A *bug* is the impossible: the migration halts and the
                process stays up to tell. An *ambiguity* is not knowing whether a commit happened: it is never tried again but resolved
                by reading, and shows as `OUTCOME_UNKNOWN` until it is. What to do for each code at night:
                [runbook/faults.md](../runbook/faults.md).

                | code | exit | tried again | what to do |
                |---|---|---|---|
                %s
                Exit codes without a fault of their own: 0 done, 11 undone automatically, 130 interrupted.
                """.formatted(rows()));
    }

    @Test
    void theRunbookHasASectionForEveryFaultThatNeedsAPerson() throws IOException {
        List<String> sections = Files.readAllLines(Path.of("..", "..", "docs", "runbook", "faults.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        assertThat(sections)
                .containsExactlyElementsOf(Arrays.stream(FaultCode.values())
                        .filter(code -> code.retry() != Retry.AUTOMATIC)
                        .map(Enum::name)
                        .toList());
    }

    private static String rows() {
        return Arrays.stream(FaultCode.values())
                .sorted(Comparator.comparingInt(FaultCode::exitCode))
                .map(code ->
                        "| `%s` | %d | %s | %s |\n".formatted(code, code.exitCode(), who(code.retry()), code.remedy()))
                .collect(Collectors.joining());
    }

    private static String who(Retry retry) {
        return switch (retry) {
            case AUTOMATIC -> "by itself";
            case AFTER_MENDING -> "after mending";
            case NEVER -> "never";
        };
    }
}
