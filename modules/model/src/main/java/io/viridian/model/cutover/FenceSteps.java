package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.LOST_ANSWER_MEANS_NO;
import static io.viridian.model.cutover.CutoverMutation.NO_WARDEN;
import static io.viridian.model.cutover.CutoverMutation.STOP_POSITION_BEFORE_THE_LOCKS;
import static io.viridian.model.cutover.CutoverMutation.UNDONE_WITHOUT_READING;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Journal.Step;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Pooler.Warden;
import io.viridian.model.cutover.Server.Client;
import io.viridian.model.cutover.Server.Locks;
import io.viridian.model.cutover.Server.State;
import java.util.List;

/**
 * A switch from its order to the proof of the other direction, and the way back out of it. Nothing here names blue or
 * green: a rollback is the same with the sides swapped.
 */
final class FenceSteps {
    private final CutoverRules rules;

    FenceSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who) {
        return List.of(
                new Action<>(who + " writes into the journal that a switch begins", state -> order(state, who)),
                new Action<>(who + " claims the hand-over on the source", state -> claim(state, who)),
                new Action<>(who + " pauses the pooler under a warden", state -> hold(state, who)),
                new Action<>(who + " locks the tables of the source", state -> lock(state, who)),
                new Action<>(who + " writes the fence marker", state -> mark(state, who)),
                new Action<>(who + " sees the fence marker come through", state -> drained(state, who)),
                new Action<>(who + " writes the reverse marker on the target", state -> markReverse(state, who)),
                new Action<>(who + " sees the reverse marker come back", state -> proven(state, who)),
                new Action<>(who + " gives the attempt up", state -> giveUp(state, who)),
                new Action<>(who + " lets writers go and takes its claim back", state -> undo(state, who)),
                new Action<>(who + " writes into the journal that it is undone", state -> undone(state, who)));
    }

    /** The journal's key refuses it when another daemon has written meanwhile. */
    private List<CutoverState> order(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        boolean isFollowed = daemon.lane(daemon.source()).is(Mode.APPLY)
                && !state.server(daemon.source()).slot().lost();
        if (!daemon.is(Stage.RESTING) || state.outside().orders() == 0 || !isFollowed) {
            return List.of();
        }
        if (!rules.mayAppend(state.journal(), daemon)) {
            return List.of(StartSteps.down(state, who));
        }
        int epoch = Math.max(state.blue().row().epoch(), state.green().row().epoch());
        Journal journal =
                state.journal().append(new Journal.State(daemon.source(), Step.FENCE, daemon.entry() + 1, epoch));
        return List.of(state.with(journal)
                .with(who, daemon.in(journal).at(Stage.INTENDED))
                .with(state.outside().afterOrder()));
    }

    private static List<CutoverState> claim(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Stage.INTENDED) || state.rowIsBusy(daemon.source(), who)) {
            return List.of();
        }
        Server source = state.server(daemon.source());
        boolean owns =
                source.row().open() && source.row().epoch() == daemon.state().fromEpoch();
        if (!owns || state.server(daemon.target()).guardOpen()) {
            return List.of(state.at(who, Stage.UNDOING));
        }
        return List.of(state.with(
                        daemon.source(),
                        source.with(source.row().claimedBy(daemon.state().attempt())))
                .at(who, Stage.CLAIMED));
    }

    /** A pause is there when no pooled transaction runs any more. */
    private List<CutoverState> hold(CutoverState state, Who who) {
        boolean isDue = state.daemon(who).is(Stage.CLAIMED) && state.pooler().used();
        boolean isQuiet =
                state.blue().client() != Client.POOLED && state.green().client() != Client.POOLED;
        Warden warden = rules.makes(NO_WARDEN) ? Warden.NONE : Warden.WATCHING;
        return isDue && isQuiet
                ? List.of(state.with(state.pooler().held(who, warden)).at(who, Stage.HOLDING))
                : List.of();
    }

    /** Granted when no application transaction is in flight: the lock is a barrier. */
    private List<CutoverState> lock(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Stage before = state.pooler().used()
                ? Stage.HOLDING
                : rules.makes(STOP_POSITION_BEFORE_THE_LOCKS) ? Stage.MARKED_EARLY : Stage.CLAIMED;
        Server source = state.server(daemon.source());
        if (!daemon.is(before)
                || source.client() != Client.NONE
                || source.locks().held()) {
            return List.of();
        }
        if (!source.guardOpen()) {
            return List.of(state.at(who, Stage.UNDOING));
        }
        return List.of(state.with(daemon.source(), source.with(Locks.of(who)))
                .at(who, daemon.is(Stage.MARKED_EARLY) ? Stage.MARKED : Stage.LOCKED));
    }

    private List<CutoverState> mark(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        boolean early = rules.makes(STOP_POSITION_BEFORE_THE_LOCKS);
        if (!daemon.is(early ? Stage.CLAIMED : Stage.LOCKED)) {
            return List.of();
        }
        Server marked =
                state.server(daemon.source()).with(Kind.FENCE, daemon.state().attempt());
        return List.of(state.with(daemon.source(), marked).at(who, early ? Stage.MARKED_EARLY : Stage.MARKED));
    }

    private List<CutoverState> drained(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.MARKED) && rules.isDrained(state, daemon)
                ? List.of(state.at(who, Stage.DRAINED))
                : List.of();
    }

    private static List<CutoverState> markReverse(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Stage.DRAINED)) {
            return List.of();
        }
        Server marked =
                state.server(daemon.target()).with(Kind.REVERSE, daemon.state().attempt());
        return List.of(state.with(daemon.target(), marked).at(who, Stage.REVERSE_MARKED));
    }

    private static List<CutoverState> proven(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Lane back = daemon.lane(daemon.target());
        int behind = state.server(daemon.target())
                .log()
                .behind(Kind.REVERSE, daemon.state().attempt());
        return daemon.is(Stage.REVERSE_MARKED) && !back.is(Mode.DEAD) && back.at() >= behind
                ? List.of(state.at(who, Stage.PROVEN))
                : List.of();
    }

    /** The budget is used up, a row differs, a lock is not granted, an operator disarms it. */
    private static List<CutoverState> giveUp(CutoverState state, Who who) {
        return switch (state.daemon(who).stage()) {
            case INTENDED, MARKED_EARLY, CLAIMED, HOLDING, LOCKED, MARKED, DRAINED, REVERSE_MARKED, PROVEN ->
                List.of(state.at(who, Stage.UNDOING));
            case DOWN,
                    LEASED,
                    RAISED_ON_GREEN,
                    RAISED,
                    BROKEN_OFF,
                    RESTING,
                    OPENED_EARLY,
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
                    HALTED -> List.of();
        };
    }

    /** Takes the claim back under a lock on the row: not even a daemon that wakes up later can carry the attempt on. */
    private List<CutoverState> undo(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Stage.UNDOING) || state.rowIsBusy(daemon.source(), who)) {
            return List.of();
        }
        Server source = state.server(daemon.source());
        Server free = source.locks().holder() == who ? source.with(Locks.NONE) : source;
        CutoverState released = state.with(state.pooler().released());
        boolean reads = !rules.makes(LOST_ANSWER_MEANS_NO) && !rules.makes(UNDONE_WITHOUT_READING);
        if (reads && source.row().state() == State.TRANSFERRED) {
            return List.of(released.with(daemon.source(), free).at(who, Stage.HALTED));
        }
        return List.of(released.with(
                        daemon.source(), rules.takenBack(free, daemon.state().attempt()))
                .at(who, Stage.UNDONE));
    }

    private List<CutoverState> undone(CutoverState state, Who who) {
        return state.daemon(who).is(Stage.UNDONE)
                ? List.of(settled(state, who, state.daemon(who).source()))
                : List.of();
    }

    /** Rests from now on, unless another daemon has written into the journal. */
    CutoverState settled(CutoverState state, Who who, Side owner) {
        Daemon daemon = state.daemon(who);
        if (!rules.mayAppend(state.journal(), daemon)) {
            return StartSteps.down(state, who);
        }
        Journal journal = state.journal().append(Journal.State.resting(owner));
        return state.with(journal).with(who, daemon.in(journal).at(Stage.RESTING));
    }
}
