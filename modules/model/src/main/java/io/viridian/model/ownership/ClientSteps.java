package io.viridian.model.ownership;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.ownership.Server.Writes;
import java.util.List;

/** The applications. They write wherever the guard lets them, and wait while the tables are locked. */
final class ClientSteps {
    private ClientSteps() {}

    static List<Action<OwnershipState>> actions(Side side) {
        return List.of(
                new Action<>("a client writes on " + side, state -> begin(state, side)),
                new Action<>("the client on " + side + " commits and is answered", state -> commit(state, side)));
    }

    private static List<OwnershipState> begin(OwnershipState state, Side side) {
        Server server = state.server(side);
        if (state.outside().writes() == 0
                || !server.isWritable()
                || server.writes().inFlight()) {
            return List.of();
        }
        Writes begun =
                new Writes(true, server.writes().committed(), server.writes().applied());
        return List.of(state.with(side, server.with(begun)).with(state.outside().afterWrite()));
    }

    /** Needs no guard: that was asked when the statement ran. */
    private static List<OwnershipState> commit(OwnershipState state, Side side) {
        Server server = state.server(side);
        if (!server.writes().inFlight()) {
            return List.of();
        }
        Writes done = new Writes(
                false, server.writes().committed() + 1, server.writes().applied());
        return List.of(state.with(side, server.with(done)));
    }
}
