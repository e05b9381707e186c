package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.LANE_TURNED_AFTER_THE_OPENING;
import static io.viridian.model.cutover.CutoverMutation.LOST_ANSWER_MEANS_NO;
import static io.viridian.model.cutover.CutoverMutation.LOST_ANSWER_MEANS_YES;
import static io.viridian.model.cutover.CutoverMutation.OPENED_BEFORE_THE_COMMIT_POINT;
import static io.viridian.model.cutover.CutoverMutation.OPENING_REPEATED_WITHOUT_A_LOCK;
import static io.viridian.model.cutover.CutoverMutation.SENT_AGAIN_BLINDLY;

import io.viridian.model.Action;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Server.HandOver;
import io.viridian.model.cutover.Server.Locks;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.State;
import java.util.List;

/** A switch from the commit point on: hand over, look, turn the lane back, open, route. */
final class SwitchSteps {
    private final CutoverRules rules;

    SwitchSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who) {
        return List.of(
                new Action<>(who + " opens the target before the commit point", state -> openEarly(state, who)),
                new Action<>(who + " commits the hand-over on the source", state -> handOver(state, who)),
                new Action<>(who + " sends the hand-over and loses the answer", state -> send(state, who)),
                new Action<>(who + " takes the missing answer for a no", state -> assumeNo(state, who)),
                new Action<>(who + " takes the missing answer for a yes", state -> assumeYes(state, who)),
                new Action<>(who + " sends the hand-over again", state -> sendAgain(state, who)),
                new Action<>(who + " reads on the source that it has handed over", state -> look(state, who)),
                new Action<>(who + " turns the lane from the target to applying", state -> turn(state, who)),
                new Action<>(who + " takes the target's row", state -> take(state, who)),
                new Action<>(who + " opens the guard of the target and commits", state -> open(state, who)),
                new Action<>(who + " opens the target and loses the answer", state -> openUnanswered(state, who)),
                new Action<>(who + " writes into the journal that the target is open", state -> opened(state, who)),
                new Action<>(who + " leads the applications to the target", state -> route(state, who)),
                new Action<>(who + " writes into the journal that it is switched", state -> switched(state, who)));
    }

    private List<CutoverState> openEarly(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!rules.makes(OPENED_BEFORE_THE_COMMIT_POINT) || !daemon.is(Stage.PROVEN)) {
            return List.of();
        }
        Ownership row = new Ownership(State.OPEN, daemon.state().toEpoch(), 0);
        Server target = state.server(daemon.target());
        return List.of(
                state.with(daemon.target(), target.with(row).withGuard(true)).at(who, Stage.OPENED_EARLY));
    }

    private boolean mayCommit(Daemon daemon) {
        return daemon.is(rules.makes(OPENED_BEFORE_THE_COMMIT_POINT) ? Stage.OPENED_EARLY : Stage.PROVEN);
    }

    private static HandOver handOver(CutoverState state, Daemon daemon) {
        int reverseFrom = state.server(daemon.target())
                .log()
                .behind(Kind.REVERSE, daemon.state().attempt());
        return new HandOver(daemon.state().toEpoch(), reverseFrom, daemon.lease());
    }

    /** On the session that holds the locks, if it still does. */
    private List<CutoverState> handOver(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!mayCommit(daemon) || state.rowIsBusy(daemon.source(), who)) {
            return List.of();
        }
        Server source = state.server(daemon.source());
        if (!rules.mayHandOver(source, who, daemon)) {
            return List.of(state.at(who, Stage.UNDOING));
        }
        return List.of(state.with(daemon.source(), rules.handedOver(source, handOver(state, daemon)))
                .at(who, Stage.DECIDED));
    }

    private List<CutoverState> send(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Server source = state.server(daemon.source());
        boolean isSent = mayCommit(daemon)
                && !state.rowIsBusy(daemon.source(), who)
                && state.mayGoWrong()
                && rules.mayHandOver(source, who, daemon);
        // Its connections are closed: where the decision is another one's, the locks may be gone before it arrives.
        Who holder = source.closesSessions() ? Who.NOBODY : who;
        return isSent
                ? List.of(state.with(daemon.source(), source.with(new Locks(holder, handOver(state, daemon))))
                        .at(who, Stage.UNKNOWN)
                        .afterMishap())
                : List.of();
    }

    private List<CutoverState> assumeNo(CutoverState state, Who who) {
        return state.daemon(who).is(Stage.UNKNOWN) && rules.makes(LOST_ANSWER_MEANS_NO)
                ? List.of(state.at(who, Stage.UNDOING))
                : List.of();
    }

    private List<CutoverState> assumeYes(CutoverState state, Who who) {
        return state.daemon(who).is(Stage.UNKNOWN) && rules.makes(LOST_ANSWER_MEANS_YES)
                ? List.of(state.at(who, Stage.DECIDED))
                : List.of();
    }

    private List<CutoverState> sendAgain(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Server source = state.server(daemon.source());
        return daemon.is(Stage.UNKNOWN)
                        && rules.makes(SENT_AGAIN_BLINDLY)
                        && !source.locks().inFlight()
                ? List.of(state.with(daemon.source(), rules.handedOver(source, handOver(state, daemon)))
                        .at(who, Stage.DECIDED))
                : List.of();
    }

    private List<CutoverState> look(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Stage.DECIDED)) {
            return List.of();
        }
        boolean handedOver = rules.looksHandedOver(state.server(daemon.source()), daemon);
        return List.of(state.at(who, handedOver ? Stage.LOOKED : Stage.HALTED));
    }

    private List<CutoverState> turn(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(rules.silent(state.server(daemon.source())))) {
            return List.of();
        }
        Daemon next = daemon.at(Stage.TURNED);
        return List.of(state.with(who, rules.makes(LANE_TURNED_AFTER_THE_OPENING) ? next : turned(next)));
    }

    private static Daemon turned(Daemon daemon) {
        Lane back = daemon.lane(daemon.target());
        return back.is(Mode.WATCH) ? daemon.with(daemon.target(), back.to(Mode.ENTER)) : daemon;
    }

    /** Not before the lane applies, unless it is not connected: then it will when it connects. */
    private List<CutoverState> take(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Server target = state.server(daemon.target());
        if (!daemon.is(Stage.TURNED) || rules.isTurning(state, who, daemon) || state.rowIsBusy(daemon.target(), who)) {
            return List.of();
        }
        int epoch = daemon.state().toEpoch();
        boolean isOpen = target.row().open() && target.row().epoch() == epoch;
        if (target.row().epoch() < epoch || (isOpen && !rules.makes(OPENING_REPEATED_WITHOUT_A_LOCK))) {
            return List.of(state.at(who, Stage.TAKING));
        }
        return List.of(state.at(who, isOpen ? Stage.TAKING_UNLOCKED : Stage.HALTED));
    }

    private List<CutoverState> open(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Stage.TAKING) && !daemon.is(Stage.TAKING_UNLOCKED)) {
            return List.of();
        }
        Server target = state.server(daemon.target()).withGuard(true);
        Ownership row = new Ownership(State.OPEN, daemon.state().toEpoch(), 0);
        Server opened = daemon.is(Stage.TAKING) && !target.row().open() ? target.with(row) : target;
        Lane forth = daemon.lane(daemon.source());
        Daemon watching =
                forth.is(Mode.OFF) || forth.is(Mode.DEAD) ? daemon : daemon.with(daemon.source(), forth.to(Mode.WATCH));
        Server source = state.server(daemon.source());
        Server free = source.locks().holder() == who ? source.with(Locks.NONE) : source;
        return List.of(
                state.with(daemon.target(), opened).with(daemon.source(), free).with(who, watching.at(Stage.OPENED)));
    }

    /** Opening again finds it open. */
    private List<CutoverState> openUnanswered(CutoverState state, Who who) {
        return state.mayGoWrong()
                ? open(state, who).stream()
                        .map(opened -> opened.with(who, state.daemon(who).at(Stage.DECIDED))
                                .afterMishap())
                        .toList()
                : List.of();
    }

    /** A journal that another daemon has written into does not keep this one from routing. */
    private List<CutoverState> opened(CutoverState state, Who who) {
        Daemon was = state.daemon(who);
        Daemon daemon = rules.makes(LANE_TURNED_AFTER_THE_OPENING) ? turned(was) : was;
        if (!daemon.is(Stage.OPENED)) {
            return List.of();
        }
        if (!rules.mayAppend(state.journal(), daemon)) {
            return List.of(state.with(who, daemon.at(Stage.ROUTING)));
        }
        Journal journal = state.journal().append(daemon.state().atRoute());
        return List.of(state.with(journal).with(who, daemon.in(journal).at(Stage.ROUTING)));
    }

    private static List<CutoverState> route(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.ROUTING)
                ? List.of(state.with(state.pooler().leading(daemon.target()).released())
                        .at(who, Stage.ROUTED))
                : List.of();
    }

    private List<CutoverState> switched(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.ROUTED)
                ? List.of(new FenceSteps(rules).settled(state, who, daemon.target()))
                : List.of();
    }
}
