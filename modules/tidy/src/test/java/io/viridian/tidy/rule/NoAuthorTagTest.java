package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoAuthorTagTest {
    private final Rule rule = new NoAuthorTag();

    @Test
    void refusesTheTag() {
        assertThat(refusedLines(rule, Snippet.production("/**\n * Promise.\n *\n * @author somebody\n */\nclass S {}")))
                .containsExactly(4);
    }

    @Test
    void acceptsOtherTags() {
        assertThat(refusedLines(rule, Snippet.production("/** @see Other */\nclass S { String s = \"@author\"; }")))
                .isEmpty();
    }
}
