package io.viridian.model.canary;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.canary.Entry.Origin;
import io.viridian.model.canary.Server.Application;
import java.util.List;

/** Applications, which write on both sides and wait for locks as everybody does. */
final class ClientSteps {
    private ClientSteps() {}

    static List<Action<CanaryState>> actions(Side side) {
        return List.of(
                new Action<>(
                        "an application writes the row on " + side, state -> begin(state, side, Application.WRITES)),
                new Action<>(
                        "an application removes the row on " + side, state -> begin(state, side, Application.REMOVES)),
                new Action<>("the application on " + side + " commits", state -> commit(state, side)));
    }

    private static List<CanaryState> begin(CanaryState state, Side side, Application what) {
        Server server = state.server(side);
        boolean isFree =
                server.isIdle() && !server.locked() && !state.lane(side.other()).locksRow();
        boolean hasEffect = what == Application.WRITES || server.row().there();
        return state.outside().writes() > 0 && isFree && hasEffect
                ? List.of(
                        state.with(side, server.with(what)).with(state.outside().afterBegin()))
                : List.of();
    }

    private static List<CanaryState> commit(CanaryState state, Side side) {
        Server server = state.server(side);
        if (server.isIdle()) {
            return List.of();
        }
        Write write = new Write(
                state.outside().committed() + 1,
                server.row().there(),
                server.application() == Application.WRITES,
                server.row().seen());
        Server written = server.with(write.row()).with(Application.NONE).with(Origin.APPLICATION, write);
        return List.of(state.with(side, written).with(state.outside().afterCommit()));
    }
}
