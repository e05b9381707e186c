package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.FENCE_LOST_UNNOTICED;
import static io.viridian.model.cutover.CutoverMutation.OPENING_FORGOTTEN;
import static io.viridian.model.cutover.CutoverMutation.ROUTES_LEFT_ALONE;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.State;
import java.util.List;

/** What a daemon at rest does about rows that have forgotten the last switch, and about routes that lead astray. */
final class KeeperSteps {
    private final CutoverRules rules;

    KeeperSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who) {
        return List.of(
                new Action<>(
                        who + " looks at the rows at rest and opens the owner again", state -> openAgain(state, who)),
                new Action<>(
                        who + " looks at the rows at rest, closes the side that forgot, and calls a person",
                        state -> closeAgain(state, who)),
                new Action<>(
                        who + " looks at the routes at rest and leads them to the owner",
                        state -> leadBack(state, who)));
    }

    private List<CutoverState> openAgain(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Stage.RESTING) || rules.makes(OPENING_FORGOTTEN)) {
            return List.of();
        }
        Server owner = state.server(daemon.source());
        Server other = state.server(daemon.source().other());
        boolean isForgotten = !owner.row().open()
                && other.row().state() == State.TRANSFERRED
                && other.row().epoch() > owner.row().epoch()
                && !other.guardOpen();
        return isForgotten && rules.mayMove(owner, daemon)
                ? List.of(state.with(
                        daemon.source(),
                        owner.with(new Ownership(State.OPEN, other.row().epoch(), 0))
                                .withGuard(true)))
                : List.of();
    }

    private List<CutoverState> closeAgain(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Side forgetful = daemon.source().other();
        boolean isDue = daemon.is(Stage.RESTING)
                && !rules.makes(FENCE_LOST_UNNOTICED)
                && state.isForgetful(forgetful)
                && rules.mayMove(state.server(forgetful), daemon);
        int epoch = state.server(daemon.source()).row().epoch();
        return isDue
                ? List.of(state.with(
                                forgetful,
                                state.server(forgetful)
                                        .with(new Ownership(State.TRANSFERRED, epoch, 0))
                                        .withGuard(false)
                                        .withoutSessions())
                        .with(state.outside().afterCall()))
                : List.of();
    }

    /** Without comparing the lease: what a replaced daemon leads astray again, another one leads back. */
    private List<CutoverState> leadBack(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        boolean isAstray = state.pooler().used() && state.pooler().route() != daemon.source();
        return daemon.is(Stage.RESTING) && isAstray && !rules.makes(ROUTES_LEFT_ALONE)
                ? List.of(state.with(state.pooler().leading(daemon.source())))
                : List.of();
    }
}
