package io.viridian.model.merge;

import java.util.List;

/** The keys of the table, and the range each lies in. */
enum Key {
    A,
    B,
    C;

    static final List<Key> LOW_KEYS = List.of(A);
    static final List<Key> HIGH_KEYS = List.of(B, C);

    Range range() {
        return this == A ? Range.LOW : Range.HIGH;
    }
}
