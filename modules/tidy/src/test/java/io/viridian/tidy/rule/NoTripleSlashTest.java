package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoTripleSlashTest {
    private final Rule rule = new NoTripleSlash();

    @Test
    void refusesMarkdownCommentsOnTypesAndInMethods() {
        assertThat(refusedLines(rule, Snippet.production("/// Promise.\nclass S {\nint x; /// why\n}")))
                .containsExactly(1, 3);
    }

    @Test
    void acceptsOtherCommentsAndSlashesInStrings() {
        assertThat(refusedLines(
                        rule, Snippet.production("/** Promise. */\nclass S { // why\nString s = \"file:///x\"; }")))
                .isEmpty();
    }
}
