package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MethodLengthTest {
    private final Rule rule = new MethodLength();

    @Test
    void refusesAMethodAboveTheLimit() {
        assertThat(refusedLines(rule, Snippet.production("class S {\n\n" + method(MethodLength.LIMIT + 1) + "}")))
                .containsExactly(3);
    }

    @Test
    void acceptsAMethodAtTheLimit() {
        assertThat(refusedLines(rule, Snippet.production("class S {\n" + method(MethodLength.LIMIT) + "}")))
                .isEmpty();
    }

    @Test
    void countsInitializersAndMethodsOfNestedTypes() {
        String initializer = "static {\n" + "call();\n".repeat(MethodLength.LIMIT) + "}\n";
        String nested = "record N() {\n" + method(MethodLength.LIMIT + 1) + "}\n";
        assertThat(refusedLines(rule, Snippet.production("class S {\n" + initializer + nested + "}")))
                .hasSize(2);
    }

    private static String method(int lines) {
        return "void run() {\n" + "call();\n".repeat(lines - 2) + "}\n";
    }
}
