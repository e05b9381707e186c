package io.viridian.model.cutover;

import io.viridian.model.Side;
import java.util.Locale;

/**
 * One daemon process, and all of it that a crash forgets. It may be paused between any two of its steps for any time.
 *
 * @param stage where it stands
 * @param lease the daemon epoch it has taken
 * @param entry the number of the journal's entry it lives in
 * @param state the state it lives in
 * @param forward its lane from blue to green
 * @param reverse its lane from green to blue
 */
record Daemon(Stage stage, int lease, int entry, Journal.State state, Lane forward, Lane reverse) {
    static final Daemon DOWN = new Daemon(Stage.DOWN, 0, 0, Journal.State.resting(Side.BLUE), Lane.OFF, Lane.OFF);

    /** Named after what has just been done. */
    enum Stage {
        DOWN,
        /** Has the next lease. */
        LEASED,
        /** Nobody with an older lease can commit on green any more. */
        RAISED_ON_GREEN,
        /** Nor on blue. */
        RAISED,
        /** Has read a journal that says a switch was begun: broken off, as far as it knows. */
        BROKEN_OFF,
        /** Follows the owner and waits for an order. */
        RESTING,
        /** The journal says that a switch begins. */
        INTENDED,
        /** Only with a wrong rule: the fence marker is written, the locks come after it. */
        MARKED_EARLY,
        /** The source's row carries the attempt's claim. */
        CLAIMED,
        /** The pooler is paused, and a warden watches. */
        HOLDING,
        /** Every writer in flight has ended, others wait. */
        LOCKED,
        /** The fence marker is written. */
        MARKED,
        /** It came through the stream, and everything before it is on the target. */
        DRAINED,
        /** The marker of the other direction is written. */
        REVERSE_MARKED,
        /** It came back. */
        PROVEN,
        /** Only with a wrong rule: the target is open before the commit point. */
        OPENED_EARLY,
        /** The commit point was sent, and the answer is lost. */
        UNKNOWN,
        /** The commit point has happened: there is only forward. */
        DECIDED,
        /** It was read on the source that it has handed over. */
        LOOKED,
        /** Where sessions are closed: those of before are ended. */
        SESSIONS_ENDED,
        /** The locks were lost before they were, and a marker is written behind what they wrote. */
        MARKED_AGAIN,
        /** Nobody can write on the source, and everything written there is on the target. */
        SILENT,
        /** The lane of the other direction applies. */
        TURNED,
        /** The target's row is changed in a transaction that is open still. */
        TAKING,
        /** The same, by a transaction that found nothing to change and so holds no lock on the row. */
        TAKING_UNLOCKED,
        /** The target is open. */
        OPENED,
        /** The journal says so. */
        ROUTING,
        /** The pooler leads to the target. */
        ROUTED,
        /** The attempt was given up. */
        UNDOING,
        /** Writers go on, and the claim is gone. */
        UNDONE,
        /** What it read contradicts what it knows: a person has to tell it to go on. */
        HALTED
    }

    boolean isDown() {
        return stage == Stage.DOWN;
    }

    boolean is(Stage wanted) {
        return stage == wanted;
    }

    /** Whether it has looked at the source, and goes on to open the target. */
    boolean isOpening() {
        return switch (stage) {
            case LOOKED, SESSIONS_ENDED, MARKED_AGAIN, SILENT, TURNED, TAKING, TAKING_UNLOCKED -> true;
            case DOWN,
                    LEASED,
                    RAISED_ON_GREEN,
                    RAISED,
                    BROKEN_OFF,
                    RESTING,
                    INTENDED,
                    MARKED_EARLY,
                    CLAIMED,
                    HOLDING,
                    LOCKED,
                    MARKED,
                    DRAINED,
                    REVERSE_MARKED,
                    PROVEN,
                    OPENED_EARLY,
                    UNKNOWN,
                    DECIDED,
                    OPENED,
                    ROUTING,
                    ROUTED,
                    UNDOING,
                    UNDONE,
                    HALTED -> false;
        };
    }

    /** The side that owned the writes when its state was journaled. */
    Side source() {
        return state.owner();
    }

    Side target() {
        return source().other();
    }

    /** The lane that reads this side. */
    Lane lane(Side reading) {
        return reading == Side.BLUE ? forward : reverse;
    }

    Daemon at(Stage next) {
        return new Daemon(next, lease, entry, state, forward, reverse);
    }

    Daemon with(Side reading, Lane changed) {
        return reading == Side.BLUE
                ? new Daemon(stage, lease, entry, state, changed, reverse)
                : new Daemon(stage, lease, entry, state, forward, changed);
    }

    /** Lives in this entry of the journal from now on. */
    Daemon in(Journal journal) {
        return new Daemon(stage, lease, journal.entry(), journal.state(), forward, reverse);
    }

    @Override
    public String toString() {
        return isDown()
                ? "down"
                : stage.name().toLowerCase(Locale.ROOT) + " (lease " + lease + ", " + state + ", forward " + forward
                        + ", reverse " + reverse + ")";
    }
}
