package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.OPENING_FORGOTTEN;

import io.viridian.model.Action;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.State;
import java.util.List;

/** What a daemon at rest does about rows that have forgotten the last switch. */
final class KeeperSteps {
    private final CutoverRules rules;

    KeeperSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who) {
        return List.of(new Action<>(
                who + " looks at the rows at rest and opens the owner again", state -> openAgain(state, who)));
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
}
