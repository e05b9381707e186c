package io.viridian.model.ownership;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.ownership.Server.Fence;
import io.viridian.model.ownership.Server.Ownership;
import java.util.List;

/** What a server does by itself with the session that holds the locks. */
final class ServerSteps {
    private final OwnershipRules rules;

    ServerSteps(OwnershipRules rules) {
        this.rules = rules;
    }

    List<Action<OwnershipState>> actions(Side side) {
        return List.of(
                new Action<>("the commit in flight on " + side + " takes effect", state -> land(state, side)),
                new Action<>("the commit in flight on " + side + " is rolled back", state -> vanish(state, side)),
                new Action<>(side + " ends the session that holds the locks", state -> endSession(state, side)));
    }

    private static List<OwnershipState> land(OwnershipState state, Side side) {
        int epoch = state.server(side).fence().commitInFlight();
        return epoch == 0 ? List.of() : List.of(state.with(side, transferred(state.server(side), side, epoch)));
    }

    /** The commit point: guard closed, ownership handed over, locks released, all in one commit. */
    static Server transferred(Server server, Side side, int epoch) {
        return server.with(new Ownership(side.other(), epoch, false)).with(Fence.NONE);
    }

    private static List<OwnershipState> vanish(OwnershipState state, Side side) {
        Server server = state.server(side);
        return server.fence().commitInFlight() == 0 ? List.of() : List.of(state.with(side, server.with(Fence.NONE)));
    }

    /** Sure to happen when the daemon is gone, by keepalive or idle timeout; a mishap while it is alive. */
    private List<OwnershipState> endSession(OwnershipState state, Side side) {
        Server server = state.server(side);
        Who holder = server.fence().holder();
        if (holder == Who.NOBODY || server.fence().commitInFlight() != 0) {
            return List.of();
        }
        OwnershipState ended = state.with(side, server.with(Fence.NONE));
        if (hasAbandoned(state.daemon(holder))) {
            return rules.makes(OwnershipMutation.LOCKS_SURVIVE_THEIR_DAEMON) ? List.of() : List.of(ended);
        }
        return state.outside().mishaps() == 0
                ? List.of()
                : List.of(ended.with(state.outside().afterMishap()));
    }

    private static boolean hasAbandoned(Daemon daemon) {
        return switch (daemon.step()) {
            case DOWN, LEASING, READING_BLUE, READING_GREEN, READY, MARKED_EARLY, OPENING, UNKNOWN -> true;
            case LOCKED, MARKED, OPENED_EARLY -> false;
        };
    }
}
