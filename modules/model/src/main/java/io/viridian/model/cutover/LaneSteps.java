package io.viridian.model.cutover;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Log.Entry;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Outside.Alarm;
import io.viridian.model.cutover.Server.Progress;
import java.util.List;

/**
 * The two lanes of a daemon, each named after the side it reads. The one that reads the owner applies; the other
 * watches, and what it has watched may be forgotten.
 */
final class LaneSteps {
    private final CutoverRules rules;

    LaneSteps(CutoverRules rules) {
        this.rules = rules;
    }

    List<Action<CutoverState>> actions(Who who, Side side) {
        String lane = who + "'s lane from " + side;
        return List.of(
                new Action<>(lane + " takes over the progress row", state -> enter(state, who, side)),
                new Action<>(lane + " connects to the slot", state -> connect(state, who, side)),
                new Action<>(lane + " applies", state -> apply(state, who, side)),
                new Action<>(lane + " watches", state -> watch(state, who, side)),
                new Action<>(side + " ends the connection of " + lane, state -> disconnect(state, who, side)));
    }

    /** The lanes as the owner demands them; those that run go on as they are. */
    static Daemon started(Daemon daemon, Side owner) {
        Daemon applying = applying(daemon, owner);
        return applying.lane(owner.other()).is(Mode.OFF)
                ? applying.with(owner.other(), new Lane(Mode.WATCH, 0))
                : applying;
    }

    /** Has the lane that reads this side apply, unless it runs. */
    static Daemon applying(Daemon daemon, Side reading) {
        return daemon.lane(reading).is(Mode.OFF) ? daemon.with(reading, new Lane(Mode.ENTER, 0)) : daemon;
    }

    private List<CutoverState> enter(CutoverState state, Who who, Side side) {
        Daemon daemon = state.daemon(who);
        Lane lane = daemon.lane(side);
        Server target = state.server(side.other());
        if (!lane.is(Mode.ENTER) || target.locks().inFlight()) {
            return List.of();
        }
        boolean isConnected = state.server(side).slot().reader() == who;
        int applied = target.progress().at();
        if (!rules.mayMove(target, daemon)
                || (isConnected && hasMissed(state.server(side).log(), applied, lane.at()))) {
            return List.of(dead(state, who, side));
        }
        int from = isConnected ? Math.max(applied, lane.at()) : applied;
        return List.of(state.with(side.other(), target.with(new Progress(applied, daemon.lease())))
                .with(who, daemon.with(side, new Lane(Mode.APPLY, from))));
    }

    /** Whether a transaction that is to be applied has passed while the lane only watched. */
    private static boolean hasMissed(Log log, int applied, int watched) {
        for (int position = applied; position < watched; position++) {
            if (log.at(position).kind() == Kind.WRITE) {
                return true;
            }
        }
        return false;
    }

    private static CutoverState dead(CutoverState state, Who who, Side side) {
        Server source = state.server(side);
        CutoverState left = source.slot().reader() == who
                ? state.with(side, source.with(source.slot().readBy(Who.NOBODY)))
                : state;
        return left.with(who, left.daemon(who).with(side, new Lane(Mode.DEAD, 0)));
    }

    private List<CutoverState> connect(CutoverState state, Who who, Side side) {
        Daemon daemon = state.daemon(who);
        Lane lane = daemon.lane(side);
        Server source = state.server(side);
        if (!(lane.is(Mode.WATCH) || lane.is(Mode.APPLY)) || source.slot().reader() != Who.NOBODY) {
            return List.of();
        }
        boolean isReplaced = lane.is(Mode.WATCH) && !rules.mayWatch(state.server(side.other()), daemon);
        if (source.slot().lost() || isReplaced) {
            return List.of(dead(state, who, side));
        }
        int from = lane.is(Mode.WATCH)
                ? source.slot().confirmed()
                : Math.max(lane.at(), source.slot().confirmed());
        return List.of(
                state.with(side, source.with(source.slot().readBy(who))).with(who, daemon.with(side, lane.at(from))));
    }

    /** Up to and with the next write; rows, progress row and our origin in one commit on the target. */
    private List<CutoverState> apply(CutoverState state, Who who, Side side) {
        Daemon daemon = state.daemon(who);
        Lane lane = daemon.lane(side);
        Server source = state.server(side);
        Server target = state.server(side.other());
        boolean reads = lane.is(Mode.APPLY) && source.slot().reader() == who;
        if (!(reads || lane.is(Mode.IN_HAND))
                || lane.at() >= source.log().end()
                || target.locks().held()) {
            return List.of();
        }
        int write = nextToApply(source.log(), lane.at());
        int to = Math.min(write + 1, source.log().end());
        if (!rules.mayApply(target, daemon, to)) {
            return List.of(dead(state, who, side));
        }
        Server moved = target.with(new Progress(to, daemon.lease()));
        CutoverState read = reads
                ? state.with(side, source.with(source.slot().confirmedTo(to))).with(who, daemon.with(side, lane.at(to)))
                : state.with(who, daemon.with(side, lane.to(Mode.ENTER)));
        if (write == source.log().end()) {
            return List.of(read.with(side.other(), moved));
        }
        int number = source.log().at(write).number();
        CutoverState applied = read.with(side.other(), moved.withRow(number).with(Kind.TAGGED, number));
        return List.of(target.has(number) ? applied.with(state.outside().with(Alarm.APPLIED_TWICE)) : applied);
    }

    private int nextToApply(Log log, int from) {
        int position = from;
        while (position < log.end()) {
            Entry entry = log.at(position);
            if (rules.isToBeApplied(entry)) {
                return position;
            }
            position++;
        }
        return position;
    }

    private static List<CutoverState> watch(CutoverState state, Who who, Side side) {
        Daemon daemon = state.daemon(who);
        Lane lane = daemon.lane(side);
        Server source = state.server(side);
        int end = source.log().end();
        if (!lane.is(Mode.WATCH) || source.slot().reader() != who || lane.at() >= end) {
            return List.of();
        }
        return List.of(state.with(side, source.with(source.slot().confirmedTo(end)))
                .with(who, daemon.with(side, lane.at(end))));
    }

    private static Lane cutOff(Lane lane, Log log) {
        return lane.is(Mode.APPLY) ? lane.to(lane.at() < log.end() ? Mode.IN_HAND : Mode.ENTER) : lane;
    }

    /** Sure to happen to a daemon that was replaced: it is silent, or its successor waits for the slot. */
    private static List<CutoverState> disconnect(CutoverState state, Who who, Side side) {
        Daemon daemon = state.daemon(who);
        Server source = state.server(side);
        if (source.slot().reader() != who || daemon.lease() >= state.journal().lease()) {
            return List.of();
        }
        Lane lane = daemon.lane(side);
        return List.of(state.with(side, source.with(source.slot().readBy(Who.NOBODY)))
                .with(who, daemon.with(side, cutOff(lane, source.log()))));
    }
}
