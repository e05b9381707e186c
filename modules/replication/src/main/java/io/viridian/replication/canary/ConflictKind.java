package io.viridian.replication.canary;

import java.util.List;
import java.util.Locale;

/** How two sides disagree about a row. */
public enum ConflictKind {
    /** Both have made a row of this key. */
    DUPLICATE,
    /** One has changed a row that the other has removed. */
    MISSING_ROW,
    /** Both have changed the row. */
    CONCURRENT_CHANGE,
    /** One has a row that refers to one that the other has removed; or a row goes along with such a row. */
    ORPHAN;

    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ConflictKind of(List<Touch> blue, List<Touch> green, boolean bothThere) {
        if (!bothThere) {
            return MISSING_ROW;
        }
        boolean made =
                blue.getFirst().kind() == Touch.Kind.INSERT && green.getFirst().kind() == Touch.Kind.INSERT;
        return made ? DUPLICATE : CONCURRENT_CHANGE;
    }
}
