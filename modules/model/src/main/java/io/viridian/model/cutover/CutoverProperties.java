package io.viridian.model.cutover;

import io.viridian.model.Invariant;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Outside.Alarm;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What is demanded: of every state, and of those in which nothing happens any more. */
public final class CutoverProperties {
    public static final String ONE_WRITABLE_SIDE = "never two writable sides (I4)";
    public static final String OLD_SIDE_REFUSES = "a side that does not own the writes has a closed guard";
    public static final String NO_CONTRADICTION = "the ownership rows never contradict each other";
    public static final String NOTHING_LOST = "a side that is open has every committed write";
    public static final String NOTHING_FORGOTTEN =
            "every committed write is on both sides, or before a stream that can still bring it";
    public static final String NOTHING_TWICE = "no write is applied twice (I1)";

    private CutoverProperties() {}

    static List<Invariant<CutoverState>> invariants() {
        return List.of(
                new Invariant<>(
                        ONE_WRITABLE_SIDE,
                        state -> !(state.blue().isWritable() && state.green().isWritable())),
                onEachSide(
                        OLD_SIDE_REFUSES,
                        state -> side -> state.server(side).row().open()
                                || !state.server(side).guardOpen()),
                new Invariant<>(NO_CONTRADICTION, state -> RecoveryTable.of(state) != RecoveryTable.IMPOSSIBLE),
                onEachSide(
                        NOTHING_LOST,
                        state -> side -> !state.server(side).row().open()
                                || state.isForgetful(side)
                                || hasEverything(state, side)),
                onEachSide(NOTHING_FORGOTTEN, state -> side -> isBrought(state, side)),
                new Invariant<>(NOTHING_TWICE, state -> state.outside().alarm() != Alarm.APPLIED_TWICE));
    }

    private static Invariant<CutoverState> onEachSide(
            String name, java.util.function.Function<CutoverState, Predicate<Side>> claim) {
        return new Invariant<>(name, state -> Arrays.stream(Side.values()).allMatch(claim.apply(state)));
    }

    private static boolean hasEverything(CutoverState state, Side side) {
        int led = state.server(side).rows() | state.outside().astray();
        return led == (1 << state.outside().committed()) - 1;
    }

    /** What applications wrote here and the slot has been told to forget is on the other side. */
    private static boolean isBrought(CutoverState state, Side side) {
        Server server = state.server(side);
        Server other = state.server(side.other());
        for (int position = 0; position < server.slot().confirmed(); position++) {
            Log.Entry entry = server.log().at(position);
            if (entry.kind() == Kind.WRITE && !other.has(entry.number())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Where it may end: the recovery table names an owner, it alone is writable, the applications are led there and not
     * kept waiting, a daemon follows it, and both sides have everything unless a fail-over has taken the stream away.
     * When no daemon comes back: applications and tables are free.
     */
    static boolean isSettled(CutoverState state) {
        if (state.first().isDown()
                && state.second().isDown()
                && !state.outside().returns()) {
            return !state.pooler().paused()
                    && !state.blue().locks().held()
                    && !state.green().locks().held();
        }
        return Arrays.stream(Side.values()).anyMatch(owner -> isSettledOn(state, owner));
    }

    private static boolean isSettledOn(CutoverState state, Side owner) {
        Server server = state.server(owner);
        boolean isOwner = RecoveryTable.of(state).isOwnedBy(owner) && server.isWritable();
        boolean isCopied = hasEverything(state, owner.other()) || server.slot().lost();
        boolean isTold = server.rows() == (1 << state.outside().committed()) - 1
                || state.outside().called();
        return isOwner
                && isCopied
                && isTold
                && isLedTo(state, owner)
                && (follows(state, Who.FIRST, owner) || follows(state, Who.SECOND, owner));
    }

    private static boolean isLedTo(CutoverState state, Side owner) {
        return !state.pooler().used()
                || (state.pooler().route() == owner && !state.pooler().paused());
    }

    private static boolean follows(CutoverState state, Who who, Side owner) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.RESTING) && daemon.lease() == state.journal().lease() && daemon.source() == owner;
    }
}
