package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoDisablingTest {
    private final Rule rule = new NoDisabling();

    @Test
    void refusesSwitchedOffTestsAndClasses() {
        assertThat(refusedLines(rule, Snippet.test("""
                @Disabled
                class S {
                    @Test
                    @org.junit.jupiter.api.Disabled("later")
                    void run() {}
                }"""))).containsExactly(1, 4);
    }

    @Test
    void acceptsConditionsOfTheMachine() {
        assertThat(refusedLines(rule, Snippet.test("@EnabledIf(\"docker\") @DisabledOnOs(WINDOWS) class S {}")))
                .isEmpty();
    }
}
