package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParameterCountTest {
    private static final String EIGHT = "int a, int b, int c, int d, int e, int f, int g, int h";

    private final Rule rule = new ParameterCount();

    @Test
    void refusesTheNinthParameterOfMethodsAndConstructors() {
        String text = """
                class S {
                    S(%1$s, int i) {}
                    void run(%1$s, int i) {}
                }""".formatted(EIGHT);
        assertThat(refusedLines(rule, Snippet.production(text))).containsExactly(2, 3);
    }

    @Test
    void acceptsEightParameters() {
        assertThat(refusedLines(rule, Snippet.production("class S { void run(" + EIGHT + ") {} }")))
                .isEmpty();
    }

    @Test
    void doesNotCountTheComponentsOfARecord() {
        String text = """
                record S(%1$s, int i) {
                    S {}
                    S(%1$s, int i, int j) { this(a, b, c, d, e, f, g, h, i + j); }
                }""".formatted(EIGHT);
        assertThat(refusedLines(rule, Snippet.production(text))).isEmpty();
    }

    @Test
    void refusesAMethodOfARecordLikeAnyOther() {
        assertThat(refusedLines(rule, Snippet.production("record S() { void run(" + EIGHT + ", int i) {} }")))
                .hasSize(1);
    }
}
