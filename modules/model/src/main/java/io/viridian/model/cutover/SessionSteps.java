package io.viridian.model.cutover;

import io.viridian.model.Action;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Log.Kind;
import java.util.List;

/**
 * What a source without a guard needs between the commit point and the opening: its sessions of before are ended while
 * the locks are held, or what they wrote is drained once more.
 */
final class SessionSteps {
    private final CutoverRules rules;

    SessionSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who) {
        return List.of(
                new Action<>(who + " ends the sessions of before", state -> end(state, who)),
                new Action<>(who + " sees that the locks are held still", state -> silent(state, who)),
                new Action<>(
                        who + " waits for who writes still, and writes another marker", state -> markAgain(state, who)),
                new Action<>(who + " sees the other marker come through", state -> drainedAgain(state, who)));
    }

    /** Not once the target is open: then it was done. */
    private List<CutoverState> end(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Server source = state.server(daemon.source());
        if (!daemon.is(Stage.LOOKED) || !rules.endsSessions(source)) {
            return List.of();
        }
        Server target = state.server(daemon.target());
        boolean isOpened =
                target.row().open() && target.row().epoch() == daemon.state().toEpoch();
        return isOpened
                ? List.of(state.at(who, Stage.SILENT))
                : List.of(state.with(daemon.source(), source.withoutSessions()).at(who, Stage.SESSIONS_ENDED));
    }

    private List<CutoverState> silent(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.SESSIONS_ENDED) && rules.isStillLocked(state.server(daemon.source()), who)
                ? List.of(state.at(who, Stage.SILENT))
                : List.of();
    }

    /** A lock that is let go at once: a prepared transaction needs no session, and holds its locks. */
    private List<CutoverState> markAgain(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Server source = state.server(daemon.source());
        boolean isDue = daemon.is(Stage.SESSIONS_ENDED) && !rules.isStillLocked(source, who) && rules.isQuiet(source);
        return isDue
                ? List.of(state.with(daemon.source(), source.with(Kind.LAST, daemon.lease()))
                        .at(who, Stage.MARKED_AGAIN))
                : List.of();
    }

    private static List<CutoverState> drainedAgain(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        Lane lane = daemon.lane(daemon.source());
        int behind = state.server(daemon.source()).log().behind(Kind.LAST, daemon.lease());
        return daemon.is(Stage.MARKED_AGAIN) && lane.is(Mode.APPLY) && lane.at() >= behind
                ? List.of(state.at(who, Stage.SILENT))
                : List.of();
    }
}
