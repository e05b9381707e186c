package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoVarTest {
    private final Rule rule = new NoVar();

    @Test
    void refusesItWhereverAVariableIsDeclared() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        var one = 1;
                        final var two = 2;
                        for (var three : all) {}
                        try (var four = open()) {}
                        call((var five) -> five);
                        if (point instanceof Point(var six, int y)) {}
                    }
                }"""))).containsExactly(3, 4, 5, 6, 7, 8);
    }

    @Test
    void acceptsWrittenTypesImplicitLambdaParametersAndNamesThatLookAlike() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    int var = 1;
                    void run(int variable) {
                        variant variance = null;
                        call(five -> five);
                        call((five, six) -> five);
                        if (point instanceof Point(int _, _)) {}
                    }
                }"""))).isEmpty();
    }
}
