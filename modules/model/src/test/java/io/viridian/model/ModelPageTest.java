package io.viridian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.model.cutover.CutoverMutation;
import io.viridian.model.cutover.CutoverScope;
import io.viridian.model.merge.MergeModel;
import io.viridian.model.merge.MergeMutation;
import io.viridian.model.merge.MergeScope;
import io.viridian.model.ownership.OwnershipCounterExamples;
import io.viridian.model.ownership.OwnershipMutation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps the page about the models true: its numbers and traces come from exploring them. */
class ModelPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "../../docs/concepts/model.md");

    @Test
    void thePageSaysWhatTheModelsSay() throws IOException {
        String page = page();
        if ("write".equals(System.getProperty("model.page"))) {
            Files.createDirectories(Objects.requireNonNull(PAGE.getParent()));
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("write it anew with: mvn -pl modules/model test -Dmodel.page=write")
                .content(StandardCharsets.UTF_8)
                .isEqualTo(page);
    }

    private static String page() throws IOException {
        String page = template();
        for (Map.Entry<String, String> part : parts().entrySet()) {
            assertThat(page).contains("{{" + part.getKey() + "}}");
            page = page.replace("{{" + part.getKey() + "}}", part.getValue());
        }
        return page;
    }

    private static String template() throws IOException {
        try (InputStream stream = ModelPageTest.class.getResourceAsStream("model-page.md")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> parts() {
        return Map.of(
                "cutover-scopes",
                        CutoverScope.ALL.stream()
                                .map(scope -> "- " + scope + ": " + Explored.cutover(scope))
                                .collect(Collectors.joining("\n")),
                "cutover-rows",
                        Explored.cutoverRows().stream().map(row -> "- " + row).collect(Collectors.joining("\n")),
                "cutover-mistakes", mistakes(cutoverMistakes(false), ModelPageTest::item),
                "cutover-shortcomings", mistakes(cutoverMistakes(true), ModelPageTest::item),
                "merge-scopes", scopes(),
                "merge-mistakes", mistakes(MergeMutation.values(), ModelPageTest::item),
                "merge-trace",
                        fence(counterExample(MergeMutation.LSN_READ_BEFORE_SNAPSHOT)
                                .trace()
                                .toString()),
                "ownership-scope",
                        "There, back and there again, everything else at most twice: " + Explored.ownership() + ".",
                "recovery-pairs",
                        Explored.recoveryRows().stream().map(row -> "- " + row).collect(Collectors.joining("\n")),
                "ownership-mistakes", mistakes(OwnershipMutation.values(), ModelPageTest::item));
    }

    private static String scopes() {
        return MergeScope.ALL.stream()
                .map(scope -> "- " + scope + ": " + Explored.merge(scope))
                .collect(Collectors.joining("\n"));
    }

    private static <M> String mistakes(M[] mistakes, Function<M, String> item) {
        return Arrays.stream(mistakes).map(item).collect(Collectors.joining("\n"));
    }

    private static CutoverMutation[] cutoverMistakes(boolean inTheCode) {
        return Arrays.stream(CutoverMutation.values())
                .filter(mistake -> mistake.isInTheCode() == inTheCode)
                .toArray(CutoverMutation[]::new);
    }

    private static String item(CutoverMutation mistake) {
        return item(mistake.name(), mistake.mistake(), Explored.cutoverCounterExample(mistake));
    }

    private static String item(MergeMutation mistake) {
        return item(mistake.name(), mistake.mistake(), counterExample(mistake));
    }

    private static String item(OwnershipMutation mistake) {
        return item(
                mistake.name(),
                mistake.mistake(),
                CounterExample.of(OwnershipCounterExamples.model(mistake), Explored.MOST_STATES));
    }

    private static String item(String name, String mistake, Verdict.Violated<?> broken) {
        return "- `%s`: %s. **Broken:** %s.\n  %s"
                .formatted(name, mistake, broken.property(), broken.trace().summary());
    }

    private static Verdict.Violated<?> counterExample(MergeMutation mistake) {
        return CounterExample.of(MergeModel.mutated(mistake), Explored.MOST_STATES);
    }

    private static String fence(String text) {
        return "```\n" + text + "```";
    }
}
