package io.viridian.model.canary;

import io.viridian.model.Side;

/**
 * The daemon's memory.
 *
 * @param up false when it is gone
 * @param settled up to where the row's changes are known to be done with
 * @param knows whether the sides have been asked for that since the last doubt
 * @param forward its lane from blue to green
 * @param reverse its lane from green to blue
 */
record Daemon(boolean up, Mark settled, boolean knows, Lane forward, Lane reverse) {
    static final Daemon DOWN = new Daemon(false, Mark.NONE, false, Lane.from(0), Lane.from(0));

    static final Daemon FIRST_DAY = new Daemon(true, Mark.NONE, true, Lane.from(0), Lane.from(0));

    /** The lane that reads this side. */
    Lane lane(Side reading) {
        return reading == Side.BLUE ? forward : reverse;
    }

    boolean rests() {
        return forward.is(Lane.Stage.IDLE) && reverse.is(Lane.Stage.IDLE);
    }

    Daemon with(Side reading, Lane changed) {
        return reading == Side.BLUE
                ? new Daemon(up, settled, knows, changed, reverse)
                : new Daemon(up, settled, knows, forward, changed);
    }

    Daemon knowing(Mark more) {
        return new Daemon(up, settled.and(more), true, forward, reverse);
    }

    Daemon doubting() {
        return new Daemon(up, settled, false, forward, reverse);
    }

    @Override
    public String toString() {
        return up
                ? "forward " + forward + "; reverse " + reverse + (knows ? "" : "; has to ask what was settled")
                : "down";
    }
}
