package io.viridian.model.canary;

import static io.viridian.model.canary.CanaryMutation.KEPT_BEFORE_IT_IS_EQUAL;
import static io.viridian.model.canary.CanaryMutation.LOCKED_WHERE_IT_GOES;
import static io.viridian.model.canary.CanaryMutation.MARKED_BEFORE_THE_LOCKS;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.canary.Entry.Origin;
import io.viridian.model.canary.Lane.Stage;
import io.viridian.model.canary.Outside.Alarm;
import io.viridian.model.canary.Server.Settling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A contested row is settled: locks on both sides, positions, one commit on the side whose row goes. */
final class SettleSteps {
    private final CanaryRules rules;

    SettleSteps(CanaryRules rules) {
        this.rules = rules;
    }

    /** Of the lane that reads this side and has found its row contested. */
    List<Action<CanaryState>> actions(Side side) {
        String lane = "the lane from " + side;
        List<Action<CanaryState>> actions = new ArrayList<>(List.of(
                new Action<>(lane + " takes its positions before the locks", state -> markEarly(state, side)),
                new Action<>(lane + " locks the table on both sides", state -> lock(state, side)),
                new Action<>(lane + " finds that the row is settled already", state -> letGo(state, side)),
                new Action<>(lane + " keeps the conflict, and the daemon dies", state -> keepOnly(state, side))));
        for (Side winner : Side.values()) {
            actions.add(new Action<>(
                    lane + " puts the row of " + winner + " in the place of the other",
                    state -> settle(state, side, winner)));
            actions.add(new Action<>(
                    lane + " sends that the row of " + winner + " stays, and the answer is lost",
                    state -> sendUnanswered(state, side, winner)));
        }
        actions.add(new Action<>("the settlement under way on " + side + " takes effect", state -> land(state, side)));
        actions.add(
                new Action<>("the settlement under way on " + side + " is rolled back", state -> vanish(state, side)));
        return actions;
    }

    private static Mark ends(CanaryState state) {
        return new Mark(state.blue().end(), state.green().end());
    }

    private List<CanaryState> markEarly(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        return rules.makes(MARKED_BEFORE_THE_LOCKS) && lane.is(Stage.CONTESTED)
                ? List.of(state.with(side, lane.marked(Stage.MARKED_EARLY, ends(state))))
                : List.of();
    }

    /** A marker on either side, behind the locks, says where everything before lies. */
    private List<CanaryState> lock(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        boolean isFree = Arrays.stream(Side.values())
                .filter(rules::locks)
                .map(state::server)
                .allMatch(server -> server.isIdle() && !server.locked());
        if (!lane.is(rules.makes(MARKED_BEFORE_THE_LOCKS) ? Stage.MARKED_EARLY : Stage.CONTESTED) || !isFree) {
            return List.of();
        }
        Mark mark = lane.is(Stage.MARKED_EARLY) ? lane.mark() : ends(state);
        return List.of(locked(state, true).with(side, lane.marked(Stage.LOCKED, mark)));
    }

    private CanaryState locked(CanaryState state, boolean changed) {
        CanaryState next = state;
        for (Side side : Side.values()) {
            if (rules.locks(side)) {
                next = next.with(side, next.server(side).locked(changed));
            }
        }
        return next;
    }

    private boolean isTold(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        return lane.is(Stage.LOCKED)
                && Arrays.stream(Side.values())
                        .allMatch(one -> rules.tells(state, one, lane.mark().on(one)));
    }

    private boolean isContested(CanaryState state) {
        return Arrays.stream(Side.values())
                .noneMatch(one -> rules.underWay(state, one).isEmpty());
    }

    private List<CanaryState> letGo(CanaryState state, Side side) {
        return isTold(state, side) && !isContested(state)
                ? List.of(locked(state, false).with(side, state.lane(side).rested()))
                : List.of();
    }

    private boolean maySettle(CanaryState state, Side side, Side winner) {
        boolean isAllowed = winner == Side.BLUE || !rules.makes(LOCKED_WHERE_IT_GOES);
        return isAllowed && isTold(state, side) && isContested(state);
    }

    private List<CanaryState> settle(CanaryState state, Side side, Side winner) {
        if (!maySettle(state, side, winner)) {
            return List.of();
        }
        Settling what = settling(state, side, winner);
        CanaryState done = settled(locked(state, false), winner.other(), what);
        return List.of(
                done.with(done.daemon().with(side, done.lane(side).rested()).knowing(what.mark()))
                        .with(done.outside().with(alarm(state))));
    }

    private Settling settling(CanaryState state, Side side, Side winner) {
        int conflict = 0;
        for (Side one : Side.values()) {
            for (Write write : rules.underWay(state, one)) {
                conflict |= write.bit();
            }
        }
        int seen = state.blue().row().seen() | state.green().row().seen();
        return new Settling(
                state.server(winner).row().having(seen), state.lane(side).mark(), conflict);
    }

    /** One commit: the row goes, and the conflict is kept. Whoever writes afterwards writes on top of the decision. */
    private static CanaryState settled(CanaryState state, Side loser, Settling what) {
        Server before = state.server(loser);
        Row row = what.row();
        Server changed = before.row().looksLike(row)
                ? before.with(row)
                : before.with(row)
                        .with(
                                Origin.SETTLEMENT,
                                new Write(row.write(), before.row().there(), row.there(), row.seen()));
        return decided(state, loser.other(), what)
                .with(loser, changed.with(what.mark()))
                .with(state.outside().keeping(what.conflict()));
    }

    private static CanaryState decided(CanaryState state, Side winner, Settling what) {
        Server stays = state.server(winner);
        return state.with(winner, stays.with(stays.row().having(what.row().seen())));
    }

    private Alarm alarm(CanaryState state) {
        for (Write one : rules.underWay(state, Side.BLUE)) {
            for (Write other : rules.underWay(state, Side.GREEN)) {
                if (one.isConcurrentTo(other) && !state.outside().tellsOf(one, other)) {
                    return state.outside().alarm();
                }
            }
        }
        return Alarm.SETTLED_FOR_NOTHING;
    }

    /** Its session lives on with the locks of its side; the other session ends. */
    private List<CanaryState> sendUnanswered(CanaryState state, Side side, Side winner) {
        if (!maySettle(state, side, winner) || state.outside().mishaps() == 0) {
            return List.of();
        }
        Settling what = settling(state, side, winner);
        CanaryState free = decided(locked(state, false), winner, what);
        CanaryState sent = free.with(winner.other(), free.server(winner.other()).with(what))
                .with(state.outside().with(alarm(state)))
                .afterMishap();
        Daemon doubting = sent.daemon().with(side, sent.lane(side).unsure()).doubting();
        return List.of(sent.with(doubting), sent.with(Daemon.DOWN));
    }

    private static List<CanaryState> land(CanaryState state, Side side) {
        Settling what = state.server(side).underWay();
        return what.is()
                ? List.of(settled(state.with(side, state.server(side).with(Settling.NONE)), side, what))
                : List.of();
    }

    private static List<CanaryState> vanish(CanaryState state, Side side) {
        Server server = state.server(side);
        return server.underWay().is() ? List.of(state.with(side, server.with(Settling.NONE))) : List.of();
    }

    private List<CanaryState> keepOnly(CanaryState state, Side side) {
        boolean isDue = rules.makes(KEPT_BEFORE_IT_IS_EQUAL)
                && state.outside().mishaps() > 0
                && maySettle(state, side, Side.BLUE);
        if (!isDue) {
            return List.of();
        }
        Settling what = settling(state, side, Side.BLUE);
        CanaryState free = locked(state, false);
        return List.of(free.with(Side.GREEN, free.green().with(what.mark()))
                .with(state.outside().keeping(what.conflict()))
                .with(Daemon.DOWN)
                .afterMishap());
    }
}
