package io.viridian.model.cutover;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Pooler.Warden;
import io.viridian.model.cutover.Server.Client;
import java.util.List;

/**
 * The applications, and the warden of their pooler. Behind the pooler they write where it leads; without one they write
 * wherever the guard lets them, and wait while the tables are locked.
 */
final class ClientSteps {
    private ClientSteps() {}

    static List<Action<CutoverState>> actions(Side side) {
        return List.of(
                new Action<>("a client writes on " + side, state -> begin(state, side, Client.DIRECT)),
                new Action<>("the pooler lets a client write on " + side, state -> begin(state, side, Client.POOLED)),
                new Action<>("the client on " + side + " prepares its transaction", state -> prepare(state, side)),
                new Action<>("the client on " + side + " commits", state -> commit(state, side)),
                new Action<>("the client on " + side + " gives up", state -> rollBack(state, side)));
    }

    static List<Action<CutoverState>> wardenActions() {
        return List.of(
                new Action<>("the warden resumes the pooler: its daemon is gone", ClientSteps::resumeOrphan),
                new Action<>("the warden resumes the pooler: the pause took too long", ClientSteps::resumeLate));
    }

    private static List<CutoverState> begin(CutoverState state, Side side, Client way) {
        Server server = state.server(side);
        boolean isLed = state.pooler().used()
                ? way == Client.POOLED
                        && state.pooler().route() == side
                        && !state.pooler().paused()
                : way == Client.DIRECT;
        boolean mayBegin = state.outside().writes() > 0 && isLed && server.client() == Client.NONE;
        return mayBegin && server.isWritable()
                ? List.of(state.with(side, server.with(way))
                        .with(state.outside().writing(state.outside().writes() - 1)))
                : List.of();
    }

    /** Told apart only where sessions are ended: a lock waits for either. */
    private static List<CutoverState> prepare(CutoverState state, Side side) {
        Server server = state.server(side);
        return server.client() == Client.DIRECT && server.closesSessions()
                ? List.of(state.with(side, server.with(Client.PREPARED)))
                : List.of();
    }

    /** Needs no guard: that was asked when the statement ran. Whether the client hears of it makes no difference. */
    private static List<CutoverState> commit(CutoverState state, Side side) {
        Server server = state.server(side);
        if (server.client() == Client.NONE) {
            return List.of();
        }
        int number = state.outside().committed();
        Server written = server.with(Client.NONE).withRow(number).with(Kind.WRITE, number);
        Outside after = state.outside().afterCommit();
        return List.of(state.with(side, written).with(state.isForgetful(side) ? after.astray(number) : after));
    }

    private static List<CutoverState> rollBack(CutoverState state, Side side) {
        Server server = state.server(side);
        return server.client() == Client.NONE ? List.of() : List.of(state.with(side, server.with(Client.NONE)));
    }

    private static List<CutoverState> resumeOrphan(CutoverState state) {
        Pooler pooler = state.pooler();
        boolean isOrphan = pooler.warden() == Warden.WATCHING
                && state.daemon(pooler.postedBy()).isDown();
        return isOrphan ? List.of(state.with(pooler.released())) : List.of();
    }

    private static List<CutoverState> resumeLate(CutoverState state) {
        Pooler pooler = state.pooler();
        boolean mayBeLate = pooler.warden() == Warden.WATCHING
                && !state.daemon(pooler.postedBy()).isDown();
        return mayBeLate ? List.of(state.with(pooler.released())) : List.of();
    }
}
