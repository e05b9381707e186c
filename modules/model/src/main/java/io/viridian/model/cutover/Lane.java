package io.viridian.model.cutover;

import java.util.Locale;

/**
 * A daemon's lane of one direction.
 *
 * @param mode what it does with what it reads
 * @param at how far it is in the source's log, in its memory
 */
record Lane(Mode mode, int at) {
    static final Lane OFF = new Lane(Mode.OFF, 0);

    /** What a lane does. */
    enum Mode {
        OFF,
        /** Reads, applies nothing, and tells the slot that what it has read may be forgotten. */
        WATCH,
        /** Is to apply, and has not taken over the progress row yet. */
        ENTER,
        /** Applies. */
        APPLY,
        /** Has a window in its hand that is not committed yet, and lost its stream meanwhile. */
        IN_HAND,
        /** Stands still: another daemon has the progress row, or changes are missing. */
        DEAD
    }

    boolean is(Mode wanted) {
        return mode == wanted;
    }

    Lane to(Mode wanted) {
        return new Lane(wanted, at);
    }

    Lane at(int position) {
        return new Lane(mode, position);
    }

    @Override
    public String toString() {
        return mode.name().toLowerCase(Locale.ROOT) + (mode == Mode.OFF || mode == Mode.DEAD ? "" : "@" + at);
    }
}
