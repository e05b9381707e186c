package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.OPENED_BEFORE_A_STANDBY_HAS_IT;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Server.HandOver;
import io.viridian.model.cutover.Server.Locks;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.State;
import java.util.List;

/** What a server does by itself: ends sessions, finishes commits, dies and is replaced by its standby. */
final class ServerSteps {
    private final CutoverRules rules;

    ServerSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Side side) {
        return List.of(
                new Action<>("the hand-over in flight on " + side + " takes effect", state -> land(state, side)),
                new Action<>("the hand-over in flight on " + side + " is rolled back", state -> vanish(state, side)),
                new Action<>(side + " ends the session that holds the locks", state -> endSession(state, side)),
                new Action<>(
                        side + " fails over to a standby that has everything", state -> failOver(state, side, true)),
                new Action<>(
                        side + " fails over to a standby without the hand-over", state -> failOver(state, side, false)),
                new Action<>(side + " fails over to a standby without the opening", state -> forget(state, side)));
    }

    private List<CutoverState> land(CutoverState state, Side side) {
        Server server = state.server(side);
        HandOver what = server.locks().commit();
        return server.locks().inFlight() ? List.of(state.with(side, rules.handedOver(server, what))) : List.of();
    }

    private static List<CutoverState> vanish(CutoverState state, Side side) {
        Server server = state.server(side);
        return server.locks().inFlight() ? List.of(state.with(side, server.with(Locks.NONE))) : List.of();
    }

    /** Sure to happen when nobody is left on the session, by keepalive or idle timeout; a mishap otherwise. */
    private static List<CutoverState> endSession(CutoverState state, Side side) {
        Server server = state.server(side);
        if (!server.locks().held() || server.locks().inFlight()) {
            return List.of();
        }
        CutoverState ended = state.with(side, server.with(Locks.NONE));
        Daemon holder = state.daemon(server.locks().holder());
        if (!holdsAFence(holder) && !(server.closesSessions() && isForward(holder))) {
            return List.of(ended);
        }
        return state.mayGoWrong() ? List.of(ended.afterMishap()) : List.of();
    }

    private static boolean holdsAFence(Daemon daemon) {
        return switch (daemon.stage()) {
            case LOCKED, MARKED, DRAINED, REVERSE_MARKED, PROVEN, OPENED_EARLY -> true;
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
                    UNKNOWN,
                    DECIDED,
                    LOOKED,
                    SESSIONS_ENDED,
                    MARKED_AGAIN,
                    SILENT,
                    TURNED,
                    TAKING,
                    TAKING_UNLOCKED,
                    OPENED,
                    ROUTING,
                    ROUTED,
                    UNDOING,
                    UNDONE,
                    HALTED -> false;
        };
    }

    /** Where the locks have to outlast the commit point. */
    private static boolean isForward(Daemon daemon) {
        return daemon.is(Stage.DECIDED) || daemon.isOpening();
    }

    /**
     * A commit point in flight is on the standby, or it is not; one that somebody has seen is, or is not opened for.
     */
    private List<CutoverState> failOver(CutoverState state, Side side, boolean complete) {
        if (state.outside().failOvers() == 0) {
            return List.of();
        }
        Server server = state.server(side);
        CutoverState promoted = promoted(state, side);
        Server standby = promoted.server(side);
        if (server.locks().inFlight()) {
            HandOver what = server.locks().commit();
            return List.of(complete ? promoted.with(side, rules.handedOver(standby, what)) : promoted);
        }
        if (complete) {
            return List.of(promoted);
        }
        boolean isLost = server.row().state() == State.TRANSFERRED && mayBeLost(state, side);
        Ownership before =
                new Ownership(State.OPEN, server.row().epoch() - 1, server.row().claim());
        return isLost ? List.of(promoted.with(side, standby.with(before).withGuard(true))) : List.of();
    }

    /** What is assumed of standbys: the promoted one has the commit point once the opening has looked for it. */
    private boolean mayBeLost(CutoverState state, Side side) {
        boolean isNewest = state.server(side.other()).row().epoch()
                <= state.server(side).row().epoch();
        if (rules.makes(OPENED_BEFORE_A_STANDBY_HAS_IT)) {
            return isNewest;
        }
        if (!state.outside().heard()) {
            return isNewest && isUntouched(state, side);
        }
        boolean isOpened = state.server(side.other()).row().epoch()
                >= state.server(side).row().epoch();
        return !isOpened && !state.first().isOpening() && !state.second().isOpening();
    }

    /**
     * Whether nothing that came back has been applied since the hand-over: a standby without it has not that either.
     */
    private static boolean isUntouched(CutoverState state, Side side) {
        Server server = state.server(side);
        return server.progress().at()
                == state.server(side.other())
                        .log()
                        .behind(Kind.REVERSE, server.row().claim());
    }

    /** Every session has ended, and the slot is not on the standby. */
    private static CutoverState promoted(CutoverState state, Side side) {
        Server server = state.server(side);
        Server standby = server.with(Locks.NONE)
                .withoutSessions()
                .with(new Server.Slot(server.slot().confirmed(), Who.NOBODY, true));
        return state.with(side, standby)
                .with(Who.FIRST, cutOff(state.first(), side))
                .with(Who.SECOND, cutOff(state.second(), side))
                .with(state.outside().withFailOvers(state.outside().failOvers() - 1));
    }

    private static Daemon cutOff(Daemon daemon, Side side) {
        boolean wasTaking = (daemon.is(Stage.TAKING) || daemon.is(Stage.TAKING_UNLOCKED)) && daemon.target() == side;
        Daemon back = wasTaking ? daemon.at(Stage.DECIDED) : daemon;
        return back.lane(side).is(Mode.OFF) ? back : back.with(side, new Lane(Mode.DEAD, 0));
    }

    /** Only while no application has committed there: what they were answered is on the standby, and all before it. */
    private static List<CutoverState> forget(CutoverState state, Side side) {
        Server server = state.server(side);
        int epoch = server.row().epoch();
        boolean isFresh = server.row().open()
                && epoch > 1
                && server.log().entries().stream().noneMatch(entry -> entry.kind() == Kind.WRITE);
        if (!isFresh || state.outside().failOvers() == 0) {
            return List.of();
        }
        CutoverState promoted = promoted(state, side);
        Ownership before = new Ownership(epoch == 2 ? State.CLOSED : State.TRANSFERRED, epoch - 1, 0);
        return List.of(promoted.with(side, promoted.server(side).with(before).withGuard(false)));
    }
}
