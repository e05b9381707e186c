package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks after what the last switch has decided: the owner's row says so and its guard is open, the other side's says
 * that it handed over and its guard is closed. A standby that is promoted without the last commits has forgotten its
 * part: one that forgot the opening is opened again, one that forgot the hand-over is closed again at once. Every
 * change compares what it found in its own commit, so that it does nothing if somebody has switched since. Not to be
 * asked while this daemon switches. Any thread, one at a time.
 */
public final class OwnershipKeeper {
    private static final Duration SESSIONS_END = Duration.ofSeconds(5);

    /** Its row is locked meanwhile, and a switch may want it. */
    private static final String BOUNDED = """
            set local lock_timeout = '2s'; set local statement_timeout = '5s'; set local synchronous_commit = local
            """;

    /** A daemon that takes over raises these, and waits for whoever holds them. */
    private static final String RIGHTS = """
            select epoch from viridian.progress where migration = ? for share
            """;

    private static final String HAND_OVER = """
            update viridian.ownership
            set owner = ?, epoch = ?, state = 'TRANSFERRED', nonce = null, changed_at = clock_timestamp()
            where migration = ? and state = 'OPEN' and epoch = ? and epoch < ?
            """;

    private static final String STILL = """
            select 1 from viridian.ownership where migration = ? and state = ? and epoch = ? for update
            """;

    private final Database blue;
    private final Database green;
    private final String migration;
    private final Closing closing;
    private final LongSupplier daemonEpoch;

    /** What a look found, and what was done about it. */
    public sealed interface Found {
        /** All is as it should be, or a side did not answer and nothing follows. */
        record Nothing() implements Found {}

        /** The owner refused its writers, and lets them write again. */
        record OpenedAgain(String words) implements Found {}

        /** The side that does not own had its guard open though its row knew better, and refuses again. */
        record ClosedAgain(String words) implements Found {}

        /** The side that does not own did not know that it had handed over. It is closed; a person has to look. */
        record FenceLost(Fault fault) implements Found {}

        /** The sides say what no single loss explains. Nothing was changed; it may be that somebody is switching. */
        record Contradiction(Fault fault) implements Found {}
    }

    /**
     * What one side says of itself.
     *
     * @param readOnly where sessions are closed instead of tables: whether they begin read-only
     */
    private record Seen(Optional<Ownership> row, GuardState guard, boolean readOnly) {
        boolean closed() {
            return guard.closed() && readOnly;
        }
    }

    /**
     * A keeper of these two.
     *
     * @param closing by what blue is closed
     * @param daemonEpoch of the lease under which it acts
     */
    public OwnershipKeeper(Database blue, Database green, String migration, Closing closing, LongSupplier daemonEpoch) {
        this.blue = blue;
        this.green = green;
        this.migration = migration;
        this.closing = closing;
        this.daemonEpoch = daemonEpoch;
    }

    /**
     * One look at both sides.
     *
     * @param owner who owns the writes by the journal
     * @throws FaultException with HELD_BY_ANOTHER when another daemon has taken over; with the server's words when a
     *     change did not succeed within seconds: the next look tries again
     */
    public Found look(Side owner) throws InterruptedException {
        Seen mine;
        Seen other;
        try {
            // The other side first: what is read of the owner afterwards is never older.
            other = see(owner.other());
            mine = see(owner);
        } catch (FaultException failure) {
            // A side that does not answer says nothing about who owns, and its stream tells of it.
            return failure.fault().code() == FaultCode.CONFLICT
                    ? new Found.Contradiction(failure.fault())
                    : new Found.Nothing();
        }
        if (mine.row().isEmpty() || other.row().isEmpty()) {
            return contradiction(owner, mine, other);
        }
        Ownership owns = mine.row().get();
        Ownership follows = other.row().get();
        if (!owns.consistent() || !follows.consistent()) {
            return contradiction(owner, mine, other);
        }
        return owns.state() == Ownership.State.OPEN
                ? besideAnOwner(owns, mine, other)
                : withoutOwner(owner, mine, other);
    }

    private Seen see(Side side) {
        return on(side).query(session -> new Seen(
                OwnershipRows.read(session, migration),
                Guard.inspect(session),
                !closesSessions(side) || ReadOnlyDefault.isOn(session)));
    }

    private boolean closesSessions(Side side) {
        return side == Side.BLUE && closing == Closing.SESSIONS;
    }

    /** As part of the session's transaction; {@link #endSessions} follows its commit. */
    private void close(Session session, long epoch) {
        guard().close(session, epoch);
        if (closesSessions(session.side())) {
            ReadOnlyDefault.raise(session);
        }
    }

    /** They keep for life what they began with. */
    private void endSessions(Side side) throws InterruptedException {
        if (closesSessions(side)) {
            try (Session session = on(side).open("keeper")) {
                OldSessions.end(session, on(side).applicationName(), Deadline.after(Clock.system(), SESSIONS_END));
            }
        }
    }

    private Found besideAnOwner(Ownership owns, Seen mine, Seen other) throws InterruptedException {
        Ownership follows = other.row().orElseThrow();
        if (follows.state() == Ownership.State.OPEN) {
            return follows.epoch() < owns.epoch() ? fence(owns, follows) : contradiction(owns.side(), mine, other);
        }
        if (follows.epoch() > owns.epoch() || other.guard() instanceof GuardState.Absent) {
            return contradiction(owns.side(), mine, other);
        }
        if (!other.closed()) {
            return closeAgain(follows);
        }
        return mine.guard().closed() ? openAgain(owns.side(), owns.epoch()) : new Found.Nothing();
    }

    /** The side that handed over names the owner and the epoch; a row of the owner that is older forgot the opening. */
    private Found withoutOwner(Side owner, Seen mine, Seen other) {
        Ownership handedOver = other.row().orElseThrow();
        boolean forgotten = handedOver.state() == Ownership.State.TRANSFERRED
                && handedOver.epoch() > mine.row().orElseThrow().epoch()
                && other.guard().closed();
        return forgotten ? openAgain(owner, handedOver.epoch()) : contradiction(owner, mine, other);
    }

    private Found fence(Ownership owns, Ownership follows) throws InterruptedException {
        Side side = follows.side();
        Optional<String> closedAt = on(side).transaction(session -> {
            begin(session);
            if (session.update(HAND_OVER, owns.side().text(), owns.epoch(), migration, follows.epoch(), owns.epoch())
                    != 1) {
                return Optional.empty();
            }
            close(session, owns.epoch());
            return Optional.of(session.one("select pg_current_wal_lsn()::text", row -> row.text(1)));
        });
        endSessions(side);
        return closedAt.<Found>map(position -> new Found.FenceLost(Fault.about(
                        FaultCode.FENCE_LOST,
                        side.text(),
                        side.text() + " said that it owns the writes at epoch " + follows.epoch() + ", although "
                                + owns.side().text() + " owns them at epoch " + owns.epoch()
                                + ": the server that answers there now does not know that it handed over. It was closed"
                                + " again at " + position + "; what applications wrote on it in between is not on "
                                + owns.side().text())))
                .orElseGet(Found.Nothing::new);
    }

    private Found closeAgain(Ownership follows) throws InterruptedException {
        boolean closed = on(follows.side()).transaction(session -> {
            begin(session);
            boolean still = still(session, follows);
            if (still) {
                close(session, follows.epoch());
            }
            return still;
        });
        endSessions(follows.side());
        return closed
                ? new Found.ClosedAgain("the guard of " + follows.side().text() + " was open although its row says "
                        + follows.state() + " at epoch " + follows.epoch() + "; it refuses writes again")
                : new Found.Nothing();
    }

    private boolean still(Session session, Ownership row) {
        return session.first(STILL, one -> one.number(1), migration, row.state().name(), row.epoch())
                .isPresent();
    }

    private Found openAgain(Side owner, long epoch) {
        boolean opened = on(owner).transaction(session -> {
            begin(session);
            boolean taken = OwnershipRows.open(session, migration, epoch);
            if (taken) {
                guard().open(session, epoch);
                ReadOnlyDefault.lift(session);
            }
            return taken;
        });
        return opened
                ? new Found.OpenedAgain(owner.text() + " owns the writes at epoch " + epoch
                        + " and refused them: the server that answers there now did not know; it is open again")
                : new Found.Nothing();
    }

    private void begin(Session session) {
        session.execute(BOUNDED);
        long mine = daemonEpoch.getAsLong();
        if (session.list(RIGHTS, row -> row.number(1), migration).stream().anyMatch(epoch -> epoch > mine)) {
            throw Fault.about(
                            FaultCode.HELD_BY_ANOTHER,
                            session.side().text(),
                            "another daemon has taken over " + migration + "; nothing was changed on "
                                    + session.side().text())
                    .asException();
        }
    }

    private static Found contradiction(Side owner, Seen mine, Seen other) {
        return new Found.Contradiction(Fault.about(
                FaultCode.OWNERSHIP_IMPOSSIBLE,
                owner.text(),
                "by the journal " + owner.text() + " owns the writes, but its row says " + word(mine) + " and "
                        + owner.other().text() + "'s says " + word(other) + "; nothing was changed"));
    }

    private static String word(Seen seen) {
        String row = seen.row()
                .map(one -> one.state() + " with owner " + one.owner().text() + " at epoch " + one.epoch())
                .orElse("nothing");
        String guard = switch (seen.guard()) {
            case GuardState.Absent _ -> "gone";
            case GuardState.Open open -> "open at epoch " + open.epoch();
            case GuardState.Closed closed -> "closed at epoch " + closed.epoch();
        };
        return row + " (its guard is " + guard + ")";
    }

    private Guard guard() {
        return Guard.between(migration, blue, green);
    }

    private Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }
}
