package io.viridian.model.canary;

import io.viridian.model.Side;

/**
 * What is kept with a conflict: changes of the row before these positions are done with.
 *
 * @param blue a position in blue's log
 * @param green a position in green's log
 */
record Mark(int blue, int green) {
    static final Mark NONE = new Mark(0, 0);

    int on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    Mark and(Mark other) {
        return new Mark(Math.max(blue, other.blue), Math.max(green, other.green));
    }
}
