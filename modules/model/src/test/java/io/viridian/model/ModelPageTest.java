package io.viridian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.model.canary.CanaryCounterExamples;
import io.viridian.model.canary.CanaryMutation;
import io.viridian.model.canary.CanaryScope;
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
import java.util.Collection;
import java.util.List;
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
        return Map.ofEntries(
                Map.entry("canary-scopes", scopes(CanaryScope.ALL, Explored::canary)),
                Map.entry("canary-mistakes", mistakes(CanaryMutation.values(), ModelPageTest::item)),
                Map.entry("cutover-scopes", scopes(CutoverScope.ALL, Explored::cutover)),
                Map.entry("cutover-rows", lines(Explored.cutoverRows())),
                Map.entry("cutover-mistakes", mistakes(cutoverMistakes(false), ModelPageTest::item)),
                Map.entry("cutover-unheard", Explored.unheard().toString()),
                Map.entry("cutover-shortcomings", mistakes(cutoverMistakes(true), ModelPageTest::item)),
                Map.entry("merge-scopes", scopes(MergeScope.ALL, Explored::merge)),
                Map.entry("merge-mistakes", mistakes(MergeMutation.values(), ModelPageTest::item)),
                Map.entry(
                        "merge-trace",
                        fence(counterExample(MergeMutation.LSN_READ_BEFORE_SNAPSHOT)
                                .trace()
                                .toString())),
                Map.entry(
                        "ownership-scope",
                        "There, back and there again, everything else at most twice: " + Explored.ownership() + "."),
                Map.entry("recovery-pairs", lines(Explored.recoveryRows())),
                Map.entry("ownership-mistakes", mistakes(OwnershipMutation.values(), ModelPageTest::item)));
    }

    private static <S> String scopes(List<S> scopes, Function<S, Verdict<?>> verdict) {
        return lines(scopes.stream()
                .map(scope -> scope + ": " + verdict.apply(scope))
                .toList());
    }

    private static String lines(Collection<String> lines) {
        return lines.stream().map(line -> "- " + line).collect(Collectors.joining("\n"));
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

    private static String item(CanaryMutation mistake) {
        return item(
                mistake.name(),
                mistake.mistake(),
                CounterExample.of(CanaryCounterExamples.model(mistake), Explored.MOST_STATES));
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
