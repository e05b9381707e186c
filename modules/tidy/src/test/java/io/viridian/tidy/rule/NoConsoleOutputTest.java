package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoConsoleOutputTest {
    private static final String PRINTING = """
            import static java.lang.System.err;
            class S {
                void run() {
                    System.out.println();
                    java.lang.System.err.println();
                    call(System.out::println);
                }
            }""";

    private final Rule rule = new NoConsoleOutput();

    @Test
    void refusesBothStreamsInFullImportedOrPassedOn() {
        assertThat(refusedLines(rule, Snippet.production(PRINTING))).containsExactly(1, 4, 5, 6);
    }

    @Test
    void acceptsThemFromTheVerbs() {
        assertThat(refusedLines(rule, Snippet.at("modules/cli/src/main/java/io/viridian/cli/S.java", PRINTING)))
                .isEmpty();
    }

    @Test
    void acceptsATestThatCatchesWhatIsPrinted() {
        String text = """
                class S {
                    void run() {
                        PrintStream out = System.out;
                        System.setOut(caught);
                        System.setOut(out);
                    }
                }""";
        assertThat(refusedLines(rule, Snippet.test(text))).isEmpty();
        assertThat(refusedLines(rule, Snippet.production(text))).containsExactly(3);
    }

    @Test
    void acceptsOtherStreamsAndOtherUsesOfSystem() {
        assertThat(refusedLines(
                        rule, Snippet.production("class S { void run() { System.exit(1); this.out.close(); } }")))
                .isEmpty();
    }
}
