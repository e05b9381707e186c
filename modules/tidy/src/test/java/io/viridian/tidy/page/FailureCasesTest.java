package io.viridian.tidy.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.tidy.source.Checkout;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/reference/failure-cases.md: every case once, and every test it names. */
class FailureCasesTest {
    private static final int CASES = 114;

    /** Number, what goes wrong, what happens then, and the tests; a bar within a cell would be another column. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d+) \\| ([^|\\n]+) \\| ([^|\\n]+) \\| ([^|\\n]+) \\|$");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:\\.[A-Z]\\w*)*\\.[a-z]\\w*)`");
    private static final List<String> WITHOUT = List.of("not built", "not tested", "does not apply", "not noticed");

    private final Checkout checkout = Checkout.here();
    private final String page = checkout.read("docs/reference/failure-cases.md");

    private List<MatchResult> rows() {
        return ROW.matcher(page).results().toList();
    }

    @Test
    void holdsEveryCaseOnceAndInOrder() {
        assertThat(rows())
                .extracting(row -> Integer.valueOf(row.group(1)))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, CASES).boxed().toList());
        assertThat(page.lines().filter(line -> line.matches("\\| \\d+ \\|.*")))
                .as("rows of four columns")
                .hasSize(CASES);
    }

    @Test
    void namesATestOrSaysPlainlyThatThereIsNone() {
        assertThat(rows())
                .allSatisfy(row -> assertThat(TEST.matcher(row.group(4)).find()
                                || WITHOUT.stream().anyMatch(row.group(4)::contains))
                        .as(row.group())
                        .isTrue());
    }

    @Test
    void namesOnlyTestsThatExist() {
        Set<String> tests = TestNames.in(checkout.sources());
        assertThat(tests)
                .contains(
                        "FailureCasesTest.namesOnlyTestsThatExist",
                        "SwitchTest.ThatIsUndone.returnsToReadyWithTheReasonAndThePause");
        assertThat(TEST.matcher(page).results().map(test -> test.group(1)))
                .isNotEmpty()
                .isSubsetOf(tests);
    }
}
