package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoEmptyCatchTest {
    private final Rule rule = new NoEmptyCatch();

    @Test
    void refusesABlockWithNothingInIt() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        try { call(); } catch (IOException e) {}
                    }
                }"""))).containsExactly(3);
    }

    @Test
    void refusesInterruptsAndWholeFamiliesWhateverTheCommentSays() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        try { call(); } catch (InterruptedException e) { /* never mind */ }
                        try { call(); } catch (java.lang.Exception e) { /* never mind */ }
                        try { call(); } catch (IOException | RuntimeException e) { /* never mind */ }
                    }
                }"""))).containsExactly(3, 4, 5);
    }

    @Test
    void acceptsABlockThatAnswersOrSaysWhyItNeedNot() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    boolean run() {
                        try { close(); } catch (IOException _) {
                            // The socket is gone, which is what was wanted.
                        }
                        try { call(); return true; } catch (RuntimeException _) { return false; }
                    }
                }"""))).isEmpty();
    }
}
