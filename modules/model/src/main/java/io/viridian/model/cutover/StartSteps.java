package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.TAKE_OVER_READS_FIRST;
import static io.viridian.model.cutover.CutoverMutation.UNDONE_WITHOUT_READING;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Journal.Step;
import io.viridian.model.cutover.Pooler.Warden;
import io.viridian.model.cutover.Server.Locks;
import io.viridian.model.cutover.Server.Progress;
import io.viridian.model.cutover.Server.State;
import java.util.List;

/**
 * How a daemon ends and begins. A start after a crash and the take-over from a daemon that only seems dead are the
 * same: take the lease, raise the epoch on both sides so that nobody before it can commit any more, read the journal,
 * and read back a switch that was broken off.
 */
final class StartSteps {
    private final CutoverRules rules;

    StartSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who) {
        return List.of(
                new Action<>(who + " crashes", state -> crash(state, who)),
                new Action<>(who + " and its warden are killed", state -> killBoth(state, who)),
                new Action<>(who + " notices that it was replaced, and ends", state -> end(state, who)),
                new Action<>(who + " reads the journal before it takes the lease", state -> readEarly(state, who)),
                new Action<>(who + " takes the lease", state -> lease(state, who)),
                new Action<>(who + " raises the epoch on green", state -> raiseOnGreen(state, who)),
                new Action<>(who + " raises the epoch on blue", state -> raiseOnBlue(state, who)),
                new Action<>(who + " reads the journal and resumes the pooler", state -> read(state, who)),
                new Action<>(who + " is told to go on", state -> goOn(state, who)),
                new Action<>(who + " reads on the source whether it handed over", state -> resolve(state, who)),
                new Action<>(who + " takes the journal's word that nothing happened", state -> assume(state, who)));
    }

    /** Its locks and a commit in flight stay behind until the server deals with them. */
    private static List<CutoverState> crash(CutoverState state, Who who) {
        return state.daemon(who).isDown() || !state.mayGoWrong()
                ? List.of()
                : List.of(down(state, who).afterMishap());
    }

    static CutoverState down(CutoverState state, Who who) {
        CutoverState left = state;
        for (Side side : Side.values()) {
            Server server = left.server(side);
            if (server.slot().reader() == who) {
                left = left.with(side, server.with(server.slot().readBy(Who.NOBODY)));
            }
        }
        return left.with(who, Daemon.DOWN);
    }

    private static List<CutoverState> killBoth(CutoverState state, Who who) {
        boolean isWatched = state.pooler().warden() == Warden.WATCHING
                && state.pooler().postedBy() == who
                && state.outside().returns();
        return isWatched && state.mayGoWrong()
                ? List.of(down(state, who).with(state.pooler().unwatched()).afterMishap())
                : List.of();
    }

    private static List<CutoverState> end(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.RESTING) && daemon.lease() < state.journal().lease()
                ? List.of(down(state, who))
                : List.of();
    }

    /** One is started when none is in charge; the second may also come while the first is alive. */
    private static boolean mayStart(CutoverState state, Who who) {
        if (!state.daemon(who).isDown() || !state.outside().returns()) {
            return false;
        }
        if (state.hasCurrentDaemon()) {
            return who == Who.SECOND && state.outside().takeOvers() > 0;
        }
        return who == Who.FIRST || !state.first().isDown();
    }

    private static CutoverState charged(CutoverState state) {
        return state.hasCurrentDaemon()
                ? state.with(state.outside().withTakeOvers(state.outside().takeOvers() - 1))
                : state;
    }

    private List<CutoverState> readEarly(CutoverState state, Who who) {
        if (!rules.makes(TAKE_OVER_READS_FIRST) || !mayStart(state, who)) {
            return List.of();
        }
        Daemon reading = new Daemon(
                        Stage.BROKEN_OFF,
                        state.journal().lease(),
                        0,
                        state.journal().state(),
                        Lane.OFF,
                        Lane.OFF)
                .in(state.journal())
                .at(Stage.RAISED);
        return List.of(charged(state).with(who, reading));
    }

    private List<CutoverState> lease(CutoverState state, Who who) {
        Journal leased = state.journal().leased();
        if (rules.makes(TAKE_OVER_READS_FIRST)) {
            Daemon reading = state.daemon(who);
            Daemon next =
                    new Daemon(Stage.RAISED, leased.lease(), reading.entry(), reading.state(), Lane.OFF, Lane.OFF);
            return reading.is(Stage.RAISED) ? List.of(begun(state.with(leased), who, next)) : List.of();
        }
        return mayStart(state, who)
                ? List.of(charged(state)
                        .with(leased)
                        .with(who, new Daemon(Stage.LEASED, leased.lease(), 0, leased.state(), Lane.OFF, Lane.OFF)))
                : List.of();
    }

    private static List<CutoverState> raiseOnGreen(CutoverState state, Who who) {
        return state.daemon(who).is(Stage.LEASED) ? raise(state, who, Side.GREEN, Stage.RAISED_ON_GREEN) : List.of();
    }

    private static List<CutoverState> raiseOnBlue(CutoverState state, Who who) {
        return state.daemon(who).is(Stage.RAISED_ON_GREEN) ? raise(state, who, Side.BLUE, Stage.RAISED) : List.of();
    }

    /** Waits for a commit point in flight, which holds a lock on the progress row. */
    private static List<CutoverState> raise(CutoverState state, Who who, Side side, Stage next) {
        Server server = state.server(side);
        int lease = state.daemon(who).lease();
        if (server.locks().inFlight()) {
            return List.of();
        }
        return server.progress().epoch() > lease
                ? List.of(down(state, who))
                : List.of(state.with(
                                side, server.with(new Progress(server.progress().at(), lease)))
                        .at(who, next));
    }

    private List<CutoverState> read(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return daemon.is(Stage.RAISED) && !rules.makes(TAKE_OVER_READS_FIRST)
                ? List.of(begun(state, who, daemon.in(state.journal())))
                : List.of();
    }

    private static CutoverState begun(CutoverState state, Who who, Daemon daemon) {
        Daemon next = daemon.state().isSwitching()
                ? daemon.at(Stage.BROKEN_OFF)
                : LaneSteps.started(daemon.at(Stage.RESTING), daemon.source());
        return state.with(state.pooler().released()).with(who, next);
    }

    private static List<CutoverState> goOn(CutoverState state, Who who) {
        return state.daemon(who).is(Stage.HALTED) ? List.of(state.at(who, Stage.BROKEN_OFF)) : List.of();
    }

    /** Ends older sessions, then reads the row locked, so that the answer cannot change after it. */
    private List<CutoverState> resolve(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        boolean asks = daemon.is(Stage.BROKEN_OFF) || daemon.is(Stage.UNKNOWN);
        if (!asks || state.rowIsBusy(daemon.source(), who) || assumes(daemon)) {
            return List.of();
        }
        Server source = state.server(daemon.source());
        if (source.row().state() == State.TRANSFERRED) {
            Stage next = daemon.state().step() == Step.ROUTE ? Stage.ROUTING : Stage.DECIDED;
            Daemon going = rules.isFollowedOn(source, state.server(daemon.target()))
                    ? LaneSteps.applying(daemon.at(next), daemon.source())
                    : daemon.at(next);
            return List.of(state.with(daemon.source(), source.with(Locks.NONE))
                    .with(who, LaneSteps.started(going, daemon.target())));
        }
        return List.of(state.with(
                        daemon.source(), rules.takenBack(source, daemon.state().attempt()))
                .with(who, LaneSteps.started(daemon.at(Stage.UNDOING), daemon.source())));
    }

    private boolean assumes(Daemon daemon) {
        return daemon.is(Stage.BROKEN_OFF) && rules.makes(UNDONE_WITHOUT_READING);
    }

    private List<CutoverState> assume(CutoverState state, Who who) {
        Daemon daemon = state.daemon(who);
        return assumes(daemon)
                ? List.of(state.with(who, LaneSteps.started(daemon.at(Stage.UNDOING), daemon.source())))
                : List.of();
    }
}
