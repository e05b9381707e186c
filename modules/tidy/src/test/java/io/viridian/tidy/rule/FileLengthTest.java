package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileLengthTest {
    private final Rule rule = new FileLength();

    @Test
    void refusesAFileAboveTheLimitAtTheFirstLineTooMany() {
        assertThat(refusedLines(rule, Snippet.production("//\n".repeat(FileLength.LIMIT) + "class S {}")))
                .containsExactly(FileLength.LIMIT + 1);
    }

    @Test
    void acceptsAFileAtTheLimit() {
        assertThat(refusedLines(rule, Snippet.production("//\n".repeat(FileLength.LIMIT - 1) + "class S {}\n")))
                .isEmpty();
    }
}
