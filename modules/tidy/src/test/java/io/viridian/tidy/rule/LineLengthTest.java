package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineLengthTest {
    private static final String LONG = "x".repeat(LineLength.LIMIT);
    private static final String TOO_LONG_FOR_ANYTHING = "x".repeat(LineLength.LIMIT_WHERE_WRAPPING_IS_IMPOSSIBLE);

    private final Rule rule = new LineLength();

    @Test
    void refusesLongCodeAndLongComments() {
        assertThat(refusedLines(rule, Snippet.production("class S {\nint " + LONG + ";\n// " + LONG + "\n}")))
                .containsExactly(2, 3);
    }

    @Test
    void acceptsLongLinesThatCannotBeWrapped() {
        String text = """
                import io.viridian.%1$s;
                /** @see <a href="https://example.org/%1$s">manual</a> */
                class S {
                String one = "%1$s";
                String block = \"""
                    select %1$s
                    \""";
                }""".formatted(LONG);
        assertThat(refusedLines(rule, Snippet.production(text))).isEmpty();
    }

    @Test
    void refusesEvenThoseAboveTwiceTheLimit() {
        assertThat(refusedLines(
                        rule, Snippet.production("class S {\nString s = \"" + TOO_LONG_FOR_ANYTHING + "\";\n}")))
                .containsExactly(2);
    }
}
