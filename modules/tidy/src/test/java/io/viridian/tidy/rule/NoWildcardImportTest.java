package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoWildcardImportTest {
    private final Rule rule = new NoWildcardImport();

    @Test
    void refusesStarsAndWholeModules() {
        assertThat(refusedLines(rule, Snippet.production("""
                import java.util.*;
                import static java.lang.Math.*;
                import module java.base;
                class S {}"""))).containsExactly(1, 2, 3);
    }

    @Test
    void acceptsSingleNames() {
        assertThat(refusedLines(rule, Snippet.production("""
                import java.util.List;
                import static java.lang.Math.max;
                class S {}"""))).isEmpty();
    }
}
