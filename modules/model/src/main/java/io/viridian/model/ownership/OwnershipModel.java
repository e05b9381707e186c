package io.viridian.model.ownership;

import io.viridian.model.Action;
import io.viridian.model.Invariant;
import io.viridian.model.Model;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.ownership.OwnershipState.Alarm;
import io.viridian.model.ownership.OwnershipState.Outside;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Puts together the model of two databases, two daemons and the applications during switches there and back. */
public final class OwnershipModel {
    public static final String SINGLE_OWNER = "never two writable sides (I4)";
    public static final String NOTHING_LOST = "a side that is open has every acknowledged write";
    public static final String NO_IMPOSSIBLE_ROWS = "the recovery never reads two owners";
    public static final String NO_STALE_APPLY = "no change is applied twice, or to a side that is open (I1)";

    /** There, back and there again; every other thing may happen twice. */
    private static final Outside EVERYTHING = new Outside(3, 2, 2, 2);

    private OwnershipModel() {}

    /** The protocol as it is meant. */
    public static Model<OwnershipState> correct() {
        return model("ownership", new OwnershipRules(Set.of()), EVERYTHING);
    }

    /** The protocol with one mistake in it. */
    public static Model<OwnershipState> mutated(OwnershipMutation mistake) {
        return model("ownership, " + mistake, new OwnershipRules(Set.of(mistake)), smallestFor(mistake));
    }

    private static Model<OwnershipState> model(String name, OwnershipRules rules, Outside outside) {
        return new Model<>(
                name,
                List.of(OwnershipState.firstDay(outside)),
                actions(rules),
                invariants(),
                OwnershipModel::isSettled);
    }

    /**
     * What has to come from outside to show a mistake; no more is allowed, so that the trace shows the mistake alone.
     */
    private static Outside smallestFor(OwnershipMutation mistake) {
        return switch (mistake) {
            case OPEN_BEFORE_FENCE, LOST_ANSWER_MEANS_NOT_COMMITTED, READ_WITHOUT_WAITING, LOCKS_SURVIVE_THEIR_DAEMON ->
                new Outside(1, 0, 1, 0);
            case STOP_POSITION_BEFORE_BARRIER, FLAG_WITHOUT_BARRIER -> new Outside(1, 1, 0, 0);
            case TAKE_OVER_WITHOUT_WAITING, LEASE_NOT_CHECKED -> new Outside(1, 0, 1, 1);
            case NO_EPOCH_PREDICATE -> new Outside(2, 0, 0, 1);
            case LEASE_ON_BLUE_ONLY -> new Outside(2, 0, 1, 1);
            case PROGRESS_NOT_CHECKED -> new Outside(0, 1, 0, 1);
        };
    }

    private static List<Action<OwnershipState>> actions(OwnershipRules rules) {
        List<Action<OwnershipState>> actions = new ArrayList<>();
        for (Side side : Side.values()) {
            actions.addAll(ClientSteps.actions(side));
            actions.addAll(new ServerSteps(rules).actions(side));
        }
        for (Who who : List.of(Who.FIRST, Who.SECOND)) {
            actions.addAll(new StreamSteps(rules).actions(who));
            actions.addAll(new SwitchSteps(rules).actions(who));
            actions.addAll(new TakeOverSteps(rules).actions(who));
        }
        return actions;
    }

    private static List<Invariant<OwnershipState>> invariants() {
        return List.of(
                new Invariant<>(
                        SINGLE_OWNER,
                        state -> !(state.blue().isWritable() && state.green().isWritable())),
                new Invariant<>(
                        NOTHING_LOST,
                        state -> Arrays.stream(Side.values())
                                .allMatch(
                                        side -> !state.server(side).ownership().open() || hasEverything(state, side))),
                new Invariant<>(NO_IMPOSSIBLE_ROWS, state -> state.outside().alarm() != Alarm.TWO_OWNERS),
                new Invariant<>(NO_STALE_APPLY, state -> state.outside().alarm() != Alarm.STALE_APPLY));
    }

    private static boolean hasEverything(OwnershipState state, Side side) {
        return state.server(side).writes().applied()
                == state.server(side.other()).writes().committed();
    }

    /** Somebody owns, applications can write there, and both sides have everything. */
    private static boolean isSettled(OwnershipState state) {
        Side owner = state.blue().ownership().open() ? Side.BLUE : Side.GREEN;
        return state.server(owner).isWritable()
                && state.server(owner.other()).isUndisturbed()
                && hasEverything(state, owner)
                && hasEverything(state, owner.other());
    }
}
