package io.viridian.model.merge;

import java.util.List;

/** The two key ranges of the table; each is one chunk. */
enum Range {
    LOW,
    HIGH;

    /** As a member of a set of ranges held in an int. */
    int bit() {
        return this == LOW ? 1 : 2;
    }

    /** The set of all ranges. */
    static int all() {
        return LOW.bit() | HIGH.bit();
    }

    List<Key> keys() {
        return this == LOW ? Key.LOW_KEYS : Key.HIGH_KEYS;
    }

    @Override
    public String toString() {
        return this == LOW ? "low" : "high";
    }
}
