package io.viridian.model.ownership;

import io.viridian.model.Side;
import java.util.Locale;

/**
 * One daemon process. It may be paused between any two of its steps for any time; it never learns of that.
 *
 * @param step where it stands
 * @param lease the daemon epoch it took
 * @param source the side it believes to be the owner; while it opens a side, the one that is fenced
 * @param epoch the ownership epoch it believes in; while it opens a side, the epoch it opens it at
 * @param stop the position up to which the target has to be drained
 * @param fetched number of the write it has read from the stream and not yet applied; 0 for none
 */
record Daemon(Step step, int lease, Side source, int epoch, int stop, int fetched) {
    static final Daemon DOWN = new Daemon(Step.DOWN, 0, Side.BLUE, 0, 0, 0);

    enum Step {
        /** Not running, or standing by. */
        DOWN,
        /** Has raised the lease on green, not yet on blue. */
        LEASING,
        /** Has raised the lease on both sides: nobody else can act any more. Reads blue's row next. */
        READING_BLUE,
        /** Has blue's row in its memory; reads green's next and decides. */
        READING_GREEN,
        /** Streams; waits for an order to switch. */
        READY,
        /** Only with a wrong rule: the stop position is taken before the locks. */
        MARKED_EARLY,
        /** Has waited for every writer in flight, and holds the locks. */
        LOCKED,
        /** Has written the marker: the stop position is known. */
        MARKED,
        /** Only with a wrong rule: the target is open, the source not yet fenced. */
        OPENED_EARLY,
        /** Has sent the COMMIT of the commit point and lost the answer. */
        UNKNOWN,
        /** Knows that the source is fenced; opens the target next. */
        OPENING
    }

    static Daemon ready(int lease, Side owner, int epoch) {
        return new Daemon(Step.READY, lease, owner, epoch, 0, 0);
    }

    boolean isDown() {
        return step == Step.DOWN;
    }

    boolean is(Step wanted) {
        return step == wanted;
    }

    Side target() {
        return source.other();
    }

    Daemon at(Step next) {
        return new Daemon(next, lease, source, epoch, stop, fetched);
    }

    Daemon marked(Step next, int position) {
        return new Daemon(next, lease, source, epoch, position, fetched);
    }

    Daemon fetching(int number) {
        return new Daemon(step, lease, source, epoch, stop, number);
    }

    /** After an attempt that has changed nothing. */
    Daemon back() {
        return new Daemon(Step.READY, lease, source, epoch, 0, fetched);
    }

    /** Opens the other side after this one was fenced. */
    Daemon opening(Side fenced, int at) {
        return new Daemon(Step.OPENING, lease, fenced, at, 0, 0);
    }

    @Override
    public String toString() {
        if (isDown()) {
            return "down";
        }
        String belief = switch (step) {
            case LEASING, READING_BLUE -> "";
            case OPENING -> " " + target() + " e" + epoch;
            case DOWN, READING_GREEN, READY, MARKED_EARLY, LOCKED, MARKED, OPENED_EARLY, UNKNOWN ->
                " " + source + " e" + epoch;
        };
        return step.name().toLowerCase(Locale.ROOT) + belief + (stop == 0 ? "" : " stop " + stop)
                + (fetched == 0 ? "" : " has #" + fetched) + " (lease " + lease + ")";
    }
}
