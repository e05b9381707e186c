package io.viridian.testkit.ledger;

import java.util.ArrayList;
import java.util.List;

/** Failures that must not happen: the first few in full, all of them counted. Any thread. */
final class Surprises {

    private static final int KEPT_MAX = 20;

    private final List<String> kept = new ArrayList<>();
    private long count;

    synchronized void add(String surprise) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(surprise);
        }
    }

    synchronized List<String> kept() {
        return List.copyOf(kept);
    }

    synchronized long count() {
        return count;
    }
}
