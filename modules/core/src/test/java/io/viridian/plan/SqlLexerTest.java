package io.viridian.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SqlLexerTest {
    @Test
    void takesQuotesAndCommentsAsWholes() {
        assertThat(tokens("'it''s' \"a\"\"b\" E'it\\'s' $$x'y$$ $tag$ $$ $tag$ /* a /* b */ c */ -- end"))
                .containsExactly(
                        "'it''s'",
                        "\"a\"\"b\"",
                        "E'it\\'s'",
                        "$$x'y$$",
                        "$tag$ $$ $tag$",
                        "/* a /* b */ c */",
                        "-- end");
    }

    @Test
    void aDollarInAWordOrBeforeADigitQuotesNothing() {
        assertThat(tokens("a$b$c $1 + $2")).containsExactly("a$b$c", "$", "1", "+", "$", "2");
    }

    @Test
    void whatIsNotTerminatedEndsWithTheText() {
        assertThat(tokens("x 'abc")).containsExactly("x", "'abc");
        assertThat(tokens("E'a\\")).containsExactly("E'a\\");
        assertThat(tokens("$q$ abc")).containsExactly("$q$ abc");
        assertThat(tokens("/* abc")).containsExactly("/* abc");
    }

    @Test
    void anExpressionReadsTheColumnsInItsCodeOnly() {
        Set<String> columns = Set.of("id", "title", "Mixed Case", "other");
        assertThat(ExpressionScan.reads(
                        "coalesce(i.title, 'other') /* other */ || i.\"Mixed Case\" || E'\\'id'", "i", columns))
                .containsExactlyInAnyOrder("title", "Mixed Case");
        assertThat(ExpressionScan.reads("i.*::text", "i", columns)).isEqualTo(columns);
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = SqlLexer.afterToken(text, at);
            if (!text.substring(at, end).isBlank()) {
                tokens.add(text.substring(at, end));
            }
            at = end;
        }
        return tokens;
    }
}
