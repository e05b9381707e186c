package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoPrintStackTraceTest {
    private final Rule rule = new NoPrintStackTrace();

    @Test
    void refusesPrintingToTheConsole() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S extends Exception {
                    void run(Exception e) {
                        e.printStackTrace();
                        printStackTrace();
                        call(Exception::printStackTrace);
                    }
                }"""))).containsExactlyInAnyOrder(3, 4, 5);
    }

    @Test
    void acceptsPrintingIntoAGivenWriter() {
        assertThat(refusedLines(rule, Snippet.production("class S { void run() { e.printStackTrace(writer); } }")))
                .isEmpty();
    }
}
