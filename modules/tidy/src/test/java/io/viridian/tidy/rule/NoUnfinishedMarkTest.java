package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoUnfinishedMarkTest {
    private final Rule rule = new NoUnfinishedMark();

    @Test
    void refusesTheThreeMarksInAnyComment() {
        assertThat(refusedLines(rule, Snippet.production("""
                /**
                 * TODO tell.
                 */
                class S {
                    int a; // FIXME
                    /* XXX */ int b;
                }"""))).containsExactly(2, 5, 6);
    }

    @Test
    void acceptsThemInStringsAndInsideOtherWords() {
        assertThat(refusedLines(rule, Snippet.production("// TODOS is a table\nclass S { String s = \"// TODO\"; }")))
                .isEmpty();
    }
}
