package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NestingDepthTest {
    private final Rule rule = new NestingDepth();

    @Test
    void refusesTheSixthLevelWhateverItsKind() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        for (int i : all) {
                            while (more) {
                                switch (kind) {
                                    case 1 -> {
                                        try {
                                            synchronized (lock) {
                                                if (deep) {}
                                            }
                                        } finally {}
                                    }
                                }
                            }
                        }
                    }
                }"""))).containsExactly(9);
    }

    @Test
    void countsALambdaWithABlock() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        if (a) if (b) if (c) if (d) if (e) {
                            all.forEach(x -> {});
                        }
                    }
                }"""))).containsExactly(4);
    }

    @Test
    void acceptsFiveLevelsAndALongChainOfElseIf() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        if (a) if (b) if (c) if (d) if (e) call(x -> x + 1);
                        if (a) {} else if (b) {} else if (c) {} else if (d) {} else if (e) {} else if (f) {} else if (g) {}
                    }
                }"""))).isEmpty();
    }

    @Test
    void startsAnewInAnAnonymousClass() {
        assertThat(refusedLines(rule, Snippet.production("""
                class S {
                    void run() {
                        if (a) if (b) if (c) if (d) {
                            call(new Runnable() {
                                public void run() { if (e) if (f) {} }
                            });
                        }
                    }
                }"""))).isEmpty();
    }
}
