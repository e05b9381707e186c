package io.viridian.model.cutover;

import io.viridian.model.Side;
import io.viridian.model.Who;
import java.util.Locale;

/**
 * One database, with what is durable in it and what belongs to sessions that are connected now.
 *
 * @param row its row of {@code viridian.ownership}
 * @param guardOpen whether the guard lets applications write, or says that it would; durable
 * @param sessions by which the side is closed where it has no guard
 * @param locks the table locks of a fence; they die with the session
 * @param client the application transaction that has written here and not ended
 * @param log what was committed here
 * @param rows the writes whose rows are here, a bit each
 * @param progress how far the stream that ends here was applied
 * @param slot where the stream that begins here is read
 */
record Server(
        Ownership row,
        boolean guardOpen,
        Sessions sessions,
        Locks locks,
        Client client,
        Log log,
        int rows,
        Progress progress,
        Slot slot) {
    /** As in the ownership rows. */
    enum State {
        OPEN,
        CLOSED,
        TRANSFERRED
    }

    /** Sessions keep for life whether they may write. */
    enum Sessions {
        /** Nothing depends on them: the guard refuses whoever writes. */
        GUARDED,
        /** There may be some that began while the side was open, and they write whatever the guard says. */
        LEFT,
        /** There are none but those that began while the side was closed. */
        ENDED
    }

    /** Whether an application has a transaction open, and which way it came. */
    enum Client {
        NONE,
        POOLED,
        DIRECT,
        /** It was prepared, and needs its session no more. */
        PREPARED
    }

    /**
     * The ownership row. Its owner need not be told: OPEN means the side itself, the others mean the other side.
     *
     * @param epoch counts the transfers
     * @param claim the attempt that may hand over; 0 for none
     */
    record Ownership(State state, int epoch, int claim) {
        boolean open() {
            return state == State.OPEN;
        }

        Ownership claimedBy(int attempt) {
            return new Ownership(state, epoch, attempt);
        }

        @Override
        public String toString() {
            return state.name().toLowerCase(Locale.ROOT) + " e" + epoch + (claim == 0 ? "" : " claim " + claim);
        }
    }

    /**
     * The locks of the fence.
     *
     * @param holder whose session holds them
     * @param commit the commit point that was sent on that session and whose outcome its sender does not know
     */
    record Locks(Who holder, HandOver commit) {
        static final Locks NONE = new Locks(Who.NOBODY, HandOver.NONE);

        static Locks of(Who holder) {
            return new Locks(holder, HandOver.NONE);
        }

        boolean held() {
            return holder != Who.NOBODY;
        }

        boolean inFlight() {
            return !commit.equals(HandOver.NONE);
        }
    }

    /**
     * What the commit point writes: guard closed, row handed over, and from where the other direction applies.
     *
     * @param epoch of the new owner
     * @param reverseFrom position of the reverse marker
     * @param lease epoch of the daemon that sent it
     */
    record HandOver(int epoch, int reverseFrom, int lease) {
        static final HandOver NONE = new HandOver(0, 0, 0);
    }

    /**
     * The progress row of the stream that ends here.
     *
     * @param at position in the other side's log
     * @param epoch of the daemon that may move it
     */
    record Progress(int at, int epoch) {}

    /**
     * The replication slot of the stream that begins here.
     *
     * @param confirmed what lies before may be forgotten
     * @param reader whose lane is connected
     * @param lost a fail-over did not bring it along
     */
    record Slot(int confirmed, Who reader, boolean lost) {
        Slot readBy(Who who) {
            return new Slot(confirmed, who, lost);
        }

        Slot confirmedTo(int position) {
            return new Slot(Math.max(confirmed, position), reader, lost);
        }
    }

    static Server firstDay(Side side, Sessions sessions) {
        return new Server(
                new Ownership(side == Side.BLUE ? State.OPEN : State.CLOSED, 1, 0),
                side == Side.BLUE,
                sessions,
                Locks.NONE,
                Client.NONE,
                Log.EMPTY,
                0,
                new Progress(0, 1),
                new Slot(0, Who.FIRST, false));
    }

    /** Whether an application that tries now is let in at once. */
    boolean isWritable() {
        return (guardOpen || sessions == Sessions.LEFT) && !locks.held();
    }

    boolean closesSessions() {
        return sessions != Sessions.GUARDED;
    }

    /** Everybody is sent away, and whoever comes back finds the side as it is now. What is prepared stays. */
    Server withoutSessions() {
        Sessions left = !closesSessions() ? Sessions.GUARDED : guardOpen ? Sessions.LEFT : Sessions.ENDED;
        Client stays = client == Client.PREPARED ? Client.PREPARED : Client.NONE;
        return new Server(row, guardOpen, left, locks, stays, log, rows, progress, slot);
    }

    boolean has(int write) {
        return (rows & 1 << write) != 0;
    }

    Server with(Ownership changed) {
        return new Server(changed, guardOpen, sessions, locks, client, log, rows, progress, slot);
    }

    Server withGuard(boolean open) {
        Sessions begun = open && closesSessions() ? Sessions.LEFT : sessions;
        return new Server(row, open, begun, locks, client, log, rows, progress, slot);
    }

    Server with(Locks changed) {
        return new Server(row, guardOpen, sessions, changed, client, log, rows, progress, slot);
    }

    Server with(Client changed) {
        return new Server(row, guardOpen, sessions, locks, changed, log, rows, progress, slot);
    }

    Server with(Log.Kind kind, int number) {
        return new Server(row, guardOpen, sessions, locks, client, log.with(kind, number), rows, progress, slot);
    }

    Server withRow(int write) {
        return new Server(row, guardOpen, sessions, locks, client, log, rows | 1 << write, progress, slot);
    }

    Server with(Progress changed) {
        return new Server(row, guardOpen, sessions, locks, client, log, rows, changed, slot);
    }

    Server with(Slot changed) {
        return new Server(row, guardOpen, sessions, locks, client, log, rows, progress, changed);
    }

    @Override
    public String toString() {
        return row + (guardOpen ? ", guard open" : ", guard closed")
                + (!guardOpen && sessions == Sessions.LEFT ? ", sessions of before" : "")
                + (locks.held() ? ", locked by " + locks.holder() : "")
                + (locks.inFlight() ? " with a commit in flight" : "")
                + (client == Client.NONE
                        ? ""
                        : client == Client.PREPARED ? ", a transaction is prepared" : ", a client writes")
                + ", log " + log + ", applied " + progress.at()
                + (slot.lost() ? ", slot lost" : "");
    }
}
