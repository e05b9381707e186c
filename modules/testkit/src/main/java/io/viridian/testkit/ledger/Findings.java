package io.viridian.testkit.ledger;

import java.util.ArrayList;
import java.util.List;

/** What a check found: everything counted, the first few of each check in words. One thread. */
final class Findings {

    private static final int WORDS_MAX = 20;

    private final List<String> words = new ArrayList<>();
    private long count;

    /** Collects one check's findings apart, so that a table full of errors does not silence the next. */
    final class Topic {
        private int said;

        void add(String finding) {
            count++;
            if (said++ < WORDS_MAX) {
                words.add(finding);
            }
        }
    }

    Topic topic() {
        return new Topic();
    }

    List<String> words() {
        return words;
    }

    long count() {
        return count;
    }
}
