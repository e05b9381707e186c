package io.viridian.tidy.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.tidy.source.Checkout;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MakefileTest {
    private static final Pattern GOAL = Pattern.compile("(?m)^([a-z-]+):(.*)$");

    private final Checkout checkout = Checkout.here();
    private final String makefile = checkout.read("Makefile");

    @Test
    void explainsEveryGoalItHas() {
        assertThat(GOAL.matcher(makefile).results())
                .isNotEmpty()
                .allSatisfy(goal -> assertThat(goal.group(2)).as(goal.group(1)).contains(" ## "));
    }

    @Test
    void offersEveryGoalPeopleCountOn() {
        assertThat(GOAL.matcher(makefile).results().map(goal -> goal.group(1)))
                .containsAll(List.of("help", "test", "quick", "format", "demo", "bench", "chaos", "mutants", "gates"));
    }

    @Test
    void callsScriptsThatExistAndMayBeRun() {
        assertThat(Pattern.compile("scripts/[a-z-]+").matcher(makefile).results())
                .isNotEmpty()
                .allSatisfy(script -> assertThat(checkout.root().resolve(script.group()))
                        .satisfies(path -> assertThat(Files.isExecutable(path)).isTrue()));
    }

    @Test
    void isAllThatCiCalls() {
        assertThat(checkout.read(".ci/run").lines().filter(line -> line.contains("make ") && !line.startsWith("#")))
                .containsExactly("make --no-print-directory test");
    }
}
