package io.viridian.model.ownership;

import io.viridian.model.Action;
import io.viridian.model.Who;
import io.viridian.model.ownership.Daemon.Step;
import io.viridian.model.ownership.OwnershipState.Alarm;
import io.viridian.model.ownership.Server.Writes;
import java.util.List;

/**
 * The stream from the owner to the other side. Reading a change and committing it are two steps, so that a daemon can
 * be paused with a change in its hand.
 */
final class StreamSteps {
    private final OwnershipRules rules;

    StreamSteps(OwnershipRules rules) {
        this.rules = rules;
    }

    List<Action<OwnershipState>> actions(Who who) {
        return List.of(
                new Action<>(who + " reads a change from the stream", state -> fetch(state, who)),
                new Action<>(who + " commits the change on the target", state -> apply(state, who)));
    }

    private static List<OwnershipState> fetch(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!streams(daemon.step()) || daemon.fetched() != 0) {
            return List.of();
        }
        int next = state.server(daemon.target()).writes().applied() + 1;
        boolean isThere = next <= state.server(daemon.source()).writes().committed();
        return isThere ? List.of(state.with(who, daemon.fetching(next))) : List.of();
    }

    private static boolean streams(Step step) {
        return switch (step) {
            case READY, MARKED_EARLY, LOCKED, MARKED -> true;
            case DOWN, LEASING, READING_BLUE, READING_GREEN, OPENED_EARLY, UNKNOWN, OPENING -> false;
        };
    }

    private List<OwnershipState> apply(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (daemon.fetched() == 0) {
            return List.of();
        }
        if (!rules.mayApply(state, daemon)) {
            return SwitchSteps.refused(state, who);
        }
        Server target = state.server(daemon.target());
        Writes written = new Writes(target.writes().inFlight(), target.writes().committed(), daemon.fetched());
        OwnershipState applied =
                state.with(daemon.target(), target.with(written)).with(who, daemon.fetching(0));
        return OwnershipRules.isNext(target, daemon)
                ? List.of(applied)
                : List.of(applied.with(state.outside().with(Alarm.STALE_APPLY)));
    }
}
