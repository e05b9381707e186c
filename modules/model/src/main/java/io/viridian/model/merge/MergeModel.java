package io.viridian.model.merge;

import io.viridian.model.Action;
import io.viridian.model.Invariant;
import io.viridian.model.Model;
import io.viridian.model.merge.Daemon.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Puts together the model of a table that is backfilled while its changes stream in. */
public final class MergeModel {
    public static final String PREFIX = "green is blue at the prefix given by progress (I3)";
    public static final String AHEAD_IS_EMPTY = "a range that is not copied has no rows on green";
    public static final String NEVER_HALTED = "no partial image meets a key without a row (I5)";

    private MergeModel() {}

    /** The protocol as it is meant. */
    public static Model<MergeState> correct(MergeScope scope) {
        return model("merge, " + scope, scope, new MergeRules(Set.of()));
    }

    /** The protocol with one mistake in it. */
    public static Model<MergeState> mutated(MergeMutation mistake) {
        return model("merge, " + mistake, MergeScope.of(mistake), new MergeRules(Set.of(mistake)));
    }

    private static Model<MergeState> model(String name, MergeScope scope, MergeRules rules) {
        return new Model<>(name, scope.firstDays(), actions(scope, rules), invariants(), MergeModel::isFinished);
    }

    private static List<Action<MergeState>> actions(MergeScope scope, MergeRules rules) {
        List<Action<MergeState>> actions = new ArrayList<>(BlueSteps.actions(scope.transactions()));
        actions.addAll(new StreamSteps(rules, scope.queue()).actions(scope.transactions()));
        for (Range range : Range.values()) {
            actions.addAll(new ChunkSteps(rules, scope.chunksOverlap()).actions(range));
        }
        actions.addAll(new DaemonSteps(rules).actions());
        return actions;
    }

    /** I3 is demanded of each copied range at once, not only when all are: the merge of the next one relies on it. */
    private static List<Invariant<MergeState>> invariants() {
        return List.of(
                new Invariant<>(PREFIX, MergeModel::isPrefix),
                new Invariant<>(AHEAD_IS_EMPTY, MergeModel::aheadIsEmpty),
                new Invariant<>(NEVER_HALTED, state -> state.daemon().lane() != Lane.HALTED));
    }

    private static boolean isPrefix(MergeState state) {
        if (state.green().copied() == 0) {
            return true;
        }
        Table prefix = state.blue().prefix(state.history(), state.green().progress());
        return Arrays.stream(Range.values())
                .filter(state.green()::hasCopied)
                .allMatch(range -> state.green().table().agreesOn(range, prefix));
    }

    private static boolean aheadIsEmpty(MergeState state) {
        return Arrays.stream(Range.values())
                .filter(range -> !state.green().hasCopied(range))
                .allMatch(range -> state.green().table().agreesOn(range, Table.EMPTY));
    }

    private static boolean isFinished(MergeState state) {
        Table blue = state.blue().prefix(state.history(), state.blue().end());
        return state.blue().visible() == state.history().all()
                && state.green().isComplete()
                && state.green().table().equals(blue);
    }
}
