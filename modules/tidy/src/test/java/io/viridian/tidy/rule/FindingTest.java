package io.viridian.tidy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {
    @Test
    void namesFileAndLineRuleReasonAndRemedy() {
        assertThat(new NoVar().check(List.of(Snippet.production("class S { void run() {\nvar x = 1; } }"))))
                .singleElement()
                .hasToString("""
                        modules/core/src/main/java/io/viridian/plan/Snippet.java:2: var x [no-var]
                            why:  the type is information the reader of a diff has no other way to get
                            mend: write the type; when it is too long to write, it wants to be a record""");
    }
}
