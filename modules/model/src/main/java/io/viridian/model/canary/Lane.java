package io.viridian.model.canary;

import java.util.Locale;

/**
 * A daemon's lane of one direction, in its memory.
 *
 * @param read how far its stream was read
 * @param applied how far it is known to be applied
 * @param sure false when the answer to a commit was lost, until the lane has begun anew
 * @param stage what it does with the next change
 * @param next the position of that change
 * @param until how far the other stream has to be read before it is known what is under way there
 * @param mark behind the locks of a settlement: everything before is committed
 */
record Lane(int read, int applied, boolean sure, Stage stage, int next, int until, Mark mark) {
    /** Named after what has just been done. */
    enum Stage {
        IDLE,
        /** The change is written in a transaction that is open, and holds the row's lock. */
        WRITTEN,
        /** The target's row was not as the change expects it: nothing is written, and nothing is locked. */
        REFUSED,
        /** Only with a wrong rule: nothing was found under way, and nothing is written yet. */
        LOOKED,
        /** Something of the same row is under way: the transaction is undone, the row is to be settled. */
        CONTESTED,
        /** Only with a wrong rule: the positions are taken, and the locks come after them. */
        MARKED_EARLY,
        /** Nobody writes the table on either side. */
        LOCKED
    }

    static Lane from(int position) {
        return new Lane(position, position, true, Stage.IDLE, 0, 0, Mark.NONE);
    }

    boolean is(Stage wanted) {
        return stage == wanted;
    }

    /** Whether its open transaction holds the lock of the target's row. */
    boolean locksRow() {
        return stage == Stage.WRITTEN;
    }

    Lane readTo(int position) {
        return new Lane(position, applied, sure, stage, next, until, mark);
    }

    Lane appliedUpTo(int position) {
        return new Lane(read, position, sure, Stage.IDLE, 0, 0, Mark.NONE);
    }

    Lane at(Stage reached) {
        return new Lane(read, applied, sure, reached, next, until, mark);
    }

    /** Takes the change at this position, and looks once the other stream is read so far. */
    Lane taking(Stage reached, int position, int otherEnd) {
        return new Lane(read, applied, sure, reached, position, otherEnd, mark);
    }

    Lane marked(Stage reached, Mark positions) {
        return new Lane(read, applied, sure, reached, next, until, positions);
    }

    Lane rested() {
        return new Lane(read, applied, sure, Stage.IDLE, 0, 0, Mark.NONE);
    }

    Lane unsure() {
        return new Lane(read, applied, false, Stage.IDLE, 0, 0, Mark.NONE);
    }

    @Override
    public String toString() {
        return stage.name().toLowerCase(Locale.ROOT) + "@" + applied + (sure ? "" : "?") + ", read " + read;
    }
}
