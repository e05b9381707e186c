package io.viridian.model.canary;

import static io.viridian.model.canary.CanaryMutation.LOOKED_BEFORE_IT_WROTE;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.canary.Entry.Origin;
import io.viridian.model.canary.Lane.Stage;
import io.viridian.model.canary.Outside.Alarm;
import io.viridian.model.canary.Server.Application;
import java.util.ArrayList;
import java.util.List;

/** A lane and its receiver, named after the side they read: write, wait until the other side has told, commit. */
final class LaneSteps {
    private final CanaryRules rules;

    LaneSteps(CanaryRules rules) {
        this.rules = rules;
    }

    List<Action<CanaryState>> actions(Side side) {
        String lane = "the lane from " + side;
        return List.of(
                new Action<>("the stream from " + side + " is read", state -> read(state, side)),
                new Action<>("the stream from " + side + " breaks", state -> breakStream(state, side)),
                new Action<>(lane + " moves over what is not to be written", state -> moveOver(state, side)),
                new Action<>(lane + " writes the row and asks what is under way", state -> write(state, side)),
                new Action<>(lane + " does not find the row, and asks what is under way", state -> miss(state, side)),
                new Action<>(lane + " asks what is under way before it writes", state -> lookEarly(state, side)),
                new Action<>(lane + " writes and commits what it has asked for", state -> commitLate(state, side)),
                new Action<>(lane + " learns that nothing is under way, and commits", state -> commit(state, side)),
                new Action<>(lane + " commits, and the answer is lost", state -> commitUnanswered(state, side)),
                new Action<>(lane + " learns that the row is contested", state -> contested(state, side)),
                new Action<>(lane + " learns that nothing is under way, and stands", state -> stand(state, side)),
                new Action<>(lane + " begins anew", state -> beginAnew(state, side)));
    }

    private static List<CanaryState> read(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        int end = state.server(side).end();
        return state.daemon().up() && lane.sure() && lane.read() < end
                ? List.of(state.with(side, lane.readTo(end)))
                : List.of();
    }

    /** What is not applied comes again. */
    private static List<CanaryState> breakStream(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        return state.daemon().up() && state.outside().mishaps() > 0
                ? List.of(state.with(side, lane.readTo(lane.applied())).afterMishap())
                : List.of();
    }

    private List<CanaryState> moveOver(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        boolean isDue =
                rules.mayBegin(state, side) && lane.applied() < lane.read() && rules.nextOf(state, side) == lane.read();
        return isDue ? List.of(applied(state, side, lane.read())) : List.of();
    }

    private static CanaryState applied(CanaryState state, Side side, int position) {
        Side target = side.other();
        return state.with(target, state.server(target).appliedUpTo(position))
                .with(side, state.lane(side).appliedUpTo(position));
    }

    private boolean hasNext(CanaryState state, Side side) {
        return rules.mayBegin(state, side)
                && rules.nextOf(state, side) < state.lane(side).read()
                && !state.server(side.other()).locked();
    }

    /** Whether the target's row is as the next change expects it. */
    private boolean fits(CanaryState state, Side side) {
        Entry next = state.server(side).log().get(rules.nextOf(state, side));
        return rules.fits(next.write(), state.server(side.other()).row());
    }

    private List<CanaryState> write(CanaryState state, Side side) {
        Server target = state.server(side.other());
        boolean isDue = !rules.makes(LOOKED_BEFORE_IT_WROTE) && hasNext(state, side);
        return isDue && target.isIdle() && fits(state, side)
                ? List.of(state.with(
                        side, state.lane(side).taking(Stage.WRITTEN, rules.nextOf(state, side), target.end())))
                : List.of();
    }

    /** A row that somebody is about to make is not there yet, so nobody waits for him. */
    private List<CanaryState> miss(CanaryState state, Side side) {
        if (!hasNext(state, side) || fits(state, side)) {
            return List.of();
        }
        Server target = state.server(side.other());
        boolean waits = target.application() != Application.NONE && target.row().there();
        return waits
                ? List.of()
                : List.of(state.with(
                        side, state.lane(side).taking(Stage.REFUSED, rules.nextOf(state, side), target.end())));
    }

    private List<CanaryState> lookEarly(CanaryState state, Side side) {
        boolean isDue = rules.makes(LOOKED_BEFORE_IT_WROTE) && hasNext(state, side);
        return isDue
                        && rules.tells(
                                state, side.other(), state.server(side.other()).end())
                        && !rules.isContested(state, side)
                ? List.of(state.with(side, state.lane(side).taking(Stage.LOOKED, rules.nextOf(state, side), 0)))
                : List.of();
    }

    private List<CanaryState> commitLate(CanaryState state, Side side) {
        return state.lane(side).is(Stage.LOOKED) && state.server(side.other()).isIdle()
                ? List.of(committed(state, side))
                : List.of();
    }

    private boolean isTold(CanaryState state, Side side, Stage stage) {
        Lane lane = state.lane(side);
        return state.daemon().up() && lane.is(stage) && rules.tells(state, side.other(), lane.until());
    }

    private List<CanaryState> commit(CanaryState state, Side side) {
        return isTold(state, side, Stage.WRITTEN) && !rules.isContested(state, side)
                ? List.of(committed(state, side))
                : List.of();
    }

    /** Row and progress in one commit, with our origin on it. */
    private static CanaryState committed(CanaryState state, Side side) {
        int position = state.lane(side).next();
        Write write = state.server(side).log().get(position).write();
        Side target = side.other();
        Server before = state.server(target);
        Server after = before.with(write.row()).with(Origin.LANE, write);
        return applied(
                state.with(target, after).with(state.outside().with(alarm(state, side, before, position))),
                side,
                position + 1);
    }

    private static Alarm alarm(CanaryState state, Side side, Server before, int position) {
        Entry entry = state.server(side).log().get(position);
        if (entry.origin() != Origin.APPLICATION) {
            return Alarm.CAME_BACK;
        }
        boolean hasSeen = (before.row().seen() & ~entry.write().saw()) == 0;
        return hasSeen ? state.outside().alarm() : Alarm.OVERWRITTEN_UNSEEN;
    }

    /** It happened or it did not. */
    private List<CanaryState> commitUnanswered(CanaryState state, Side side) {
        if (state.outside().mishaps() == 0) {
            return List.of();
        }
        Lane lane = state.lane(side);
        List<CanaryState> outcomes = new ArrayList<>();
        for (CanaryState done : commit(state, side)) {
            outcomes.add(done.with(side, lane.unsure()).afterMishap());
            outcomes.add(state.with(side, lane.unsure()).afterMishap());
        }
        return outcomes;
    }

    private List<CanaryState> contested(CanaryState state, Side side) {
        boolean isTold = isTold(state, side, Stage.WRITTEN) || isTold(state, side, Stage.REFUSED);
        return isTold && rules.isContested(state, side)
                ? List.of(state.with(side, state.lane(side).at(Stage.CONTESTED)))
                : List.of();
    }

    private List<CanaryState> stand(CanaryState state, Side side) {
        return isTold(state, side, Stage.REFUSED) && !rules.isContested(state, side)
                ? List.of(state.with(state.outside().with(Alarm.STANDS)))
                : List.of();
    }

    /** Takes over the progress row, which waits for its own commit under way, and reads on from there. */
    private static List<CanaryState> beginAnew(CanaryState state, Side side) {
        return state.daemon().up() && !state.lane(side).sure()
                ? List.of(state.with(side, Lane.from(state.server(side.other()).progress())))
                : List.of();
    }
}
