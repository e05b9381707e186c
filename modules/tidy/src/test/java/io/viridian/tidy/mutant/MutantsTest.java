package io.viridian.tidy.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.tidy.page.TestNames;
import io.viridian.tidy.source.Checkout;
import io.viridian.tidy.source.SourceFile;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MutantsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| \\[([a-z-]+)]\\([^)]+\\): (.+) \\| (.+) \\| \\d+ \\|$");

    private final Checkout checkout = Checkout.here();
    private final List<Mutant> mutants = Mutant.in(checkout);

    @Test
    void thereAreAsManyAsWerePromised() {
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void eachStillAppliesAtOnePlace() {
        assertThat(mutants)
                .allSatisfy(mutant -> assertThat(mutant.hunks())
                        .allSatisfy(hunk -> assertThat(occurrences(checkout.read(hunk.file()), hunk.before()))
                                .as(
                                        "places in %s that %s changes; make it anew from today's code",
                                        hunk.file(), mutant.name())
                                .isEqualTo(1)));
    }

    private static int occurrences(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    @Test
    void eachSaysWhatItIsAndNamesATestOfItsModule() {
        List<SourceFile> sources = checkout.sources();
        assertThat(mutants).allSatisfy(mutant -> {
            assertThat(mutant.header("Bug")).as(mutant.name()).endsWith(".");
            String module = mutant.header("Module");
            assertThat(TestNames.in(sources.stream()
                            .filter(file -> file.module().equals(module))
                            .toList()))
                    .as(mutant.name())
                    .contains(mutant.header("Test"));
            assertThat(mutant.hunks())
                    .extracting(Mutant.Hunk::file)
                    .as(mutant.name())
                    .allMatch(file -> file.contains("/src/main/java/"));
        });
    }

    @Test
    void thePageTellsOfEachWhoNoticedIt() {
        List<MatchResult> rows = ROW.matcher(checkout.read("docs/reference/mutants.md"))
                .results()
                .toList();
        assertThat(rows)
                .as("run make mutants")
                .extracting(row -> row.group(1) + ": " + row.group(2))
                .containsExactlyElementsOf(mutants.stream()
                        .map(mutant -> mutant.name() + ": " + mutant.header("Bug"))
                        .toList());
        for (int i = 0; i < mutants.size(); i++) {
            assertThat(rows.get(i).group(3)).contains("`" + mutants.get(i).header("Test") + "`");
        }
    }
}
