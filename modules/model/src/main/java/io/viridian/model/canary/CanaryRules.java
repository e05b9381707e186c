package io.viridian.model.canary;

import static io.viridian.model.canary.CanaryMutation.ASKED_AT_ONCE;
import static io.viridian.model.canary.CanaryMutation.LAST_TO_ARRIVE_WINS;
import static io.viridian.model.canary.CanaryMutation.LOCKED_WHERE_IT_GOES;
import static io.viridian.model.canary.CanaryMutation.LOST_ANSWER_MEANS_NO;
import static io.viridian.model.canary.CanaryMutation.READ_SO_FAR;
import static io.viridian.model.canary.CanaryMutation.SETTLED_FROM_MEMORY;
import static io.viridian.model.canary.CanaryMutation.SETTLED_WITHOUT_A_TAG;
import static io.viridian.model.canary.CanaryMutation.TAG_FORGOTTEN;

import io.viridian.model.Side;
import java.util.List;
import java.util.Set;

/**
 * The rules that a mutation can bend, each as a question.
 *
 * @param mistakes none for the protocol as it is meant
 */
record CanaryRules(Set<CanaryMutation> mistakes) {
    CanaryRules {
        mistakes = Set.copyOf(mistakes);
    }

    boolean makes(CanaryMutation mistake) {
        return mistakes.contains(mistake);
    }

    /** Whether a lane has to write what it finds there. */
    boolean isToBeApplied(CanaryState state, Side source, int position) {
        Entry entry = state.server(source).log().get(position);
        return switch (entry.origin()) {
            case APPLICATION -> position >= state.daemon().settled().on(source);
            case LANE -> makes(TAG_FORGOTTEN);
            case SETTLEMENT -> makes(SETTLED_WITHOUT_A_TAG);
        };
    }

    /**
     * The next change for the lane that reads this side, as far as it is read; where it has read to if there is none.
     */
    int nextOf(CanaryState state, Side source) {
        Lane lane = state.lane(source);
        int position = lane.applied();
        while (position < lane.read() && !isToBeApplied(state, source, position)) {
            position++;
        }
        return Math.max(position, lane.applied());
    }

    /** One lane writes at a time, on sides that have told what was settled. */
    boolean mayBegin(CanaryState state, Side source) {
        Daemon daemon = state.daemon();
        return daemon.up()
                && daemon.knows()
                && daemon.rests()
                && daemon.lane(source).sure();
    }

    /** Whether the lane that reads a side knows everything that was committed there before a position. */
    boolean tells(CanaryState state, Side side, int until) {
        Lane lane = state.lane(side);
        return (lane.sure() || makes(LOST_ANSWER_MEANS_NO)) && (lane.read() >= until || makes(READ_SO_FAR));
    }

    /** The changes that a side's applications have made, that were read, and that are not done with. */
    List<Write> underWay(CanaryState state, Side side) {
        Lane lane = state.lane(side);
        int from = Math.max(lane.applied(), state.daemon().settled().on(side));
        return state.written(side, from, Math.max(from, lane.read()));
    }

    /** Whether a lane can write this change onto the row as it is there. */
    boolean fits(Write write, Row row) {
        return write.found() == row.there() || makes(LAST_TO_ARRIVE_WINS);
    }

    /** What is in the way of committing what a lane wrote. */
    boolean isContested(CanaryState state, Side source) {
        return !makes(LAST_TO_ARRIVE_WINS) && !underWay(state, source.other()).isEmpty();
    }

    /** Whether this side's table is locked for a settlement. */
    boolean locks(Side side) {
        return side == Side.GREEN || !makes(LOCKED_WHERE_IT_GOES);
    }

    /** What a start knows before it has asked. */
    boolean knowsAtOnce() {
        return makes(SETTLED_FROM_MEMORY);
    }

    /** A settlement under way holds a lock of the table in which conflicts are kept. */
    boolean mayAsk(Server server) {
        return !server.underWay().is() || makes(ASKED_AT_ONCE);
    }
}
