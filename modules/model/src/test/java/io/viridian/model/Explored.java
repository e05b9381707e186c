package io.viridian.model;

import io.viridian.model.canary.CanaryModel;
import io.viridian.model.canary.CanaryScope;
import io.viridian.model.canary.CanaryState;
import io.viridian.model.cutover.CutoverCounterExamples;
import io.viridian.model.cutover.CutoverModel;
import io.viridian.model.cutover.CutoverMutation;
import io.viridian.model.cutover.CutoverScope;
import io.viridian.model.cutover.CutoverState;
import io.viridian.model.cutover.RecoveryTable;
import io.viridian.model.merge.MergeModel;
import io.viridian.model.merge.MergeScope;
import io.viridian.model.merge.MergeState;
import io.viridian.model.ownership.OwnershipModel;
import io.viridian.model.ownership.OwnershipState;
import io.viridian.model.ownership.RecoveryRows;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The verdicts about the protocol as it is meant; exploring it once is enough for all tests. */
public final class Explored {
    /** More than any model here has, and as much as fits into the heap of the tests. */
    public static final int MOST_STATES = 1_000_000;

    private Explored() {}

    public static Verdict<MergeState> merge(MergeScope scope) {
        return Merge.VERDICTS.get(MergeScope.ALL.indexOf(scope));
    }

    public static Verdict<OwnershipState> ownership() {
        return Ownership.VERDICT;
    }

    /** Every pair of ownership rows that stands in the two databases at some moment. */
    public static Set<String> recoveryRows() {
        return Ownership.ROWS;
    }

    public static Verdict<CutoverState> cutover(CutoverScope scope) {
        return Cutover.VERDICTS.get(CutoverScope.ALL.indexOf(scope));
    }

    /** The cutover without what is assumed of standbys. */
    public static Verdict<CutoverState> unheard() {
        return Cutover.UNHEARD;
    }

    public static Verdict<CanaryState> canary(CanaryScope scope) {
        return Canary.VERDICTS.get(CanaryScope.ALL.indexOf(scope));
    }

    /** Every row of the recovery table that is met in some scope. */
    public static Set<String> cutoverRows() {
        return Cutover.ROWS;
    }

    /** Exploring a mistake once is enough for all who look at it. */
    public static Verdict.Violated<CutoverState> cutoverCounterExample(CutoverMutation mistake) {
        return Cutover.BROKEN.computeIfAbsent(
                mistake, one -> CounterExample.of(CutoverCounterExamples.model(one), MOST_STATES));
    }

    private static final class Cutover {
        static final Set<String> ROWS = new TreeSet<>();
        static final List<Verdict<CutoverState>> VERDICTS = CutoverScope.ALL.stream()
                .map(scope -> explore(recording(
                        CutoverModel.correct(scope),
                        state -> RecoveryTable.of(state).words(),
                        ROWS)))
                .toList();
        static final Verdict<CutoverState> UNHEARD = explore(CutoverModel.unheard());
        static final Map<CutoverMutation, Verdict.Violated<CutoverState>> BROKEN = new EnumMap<>(CutoverMutation.class);
    }

    private static final class Canary {
        static final List<Verdict<CanaryState>> VERDICTS = CanaryScope.ALL.stream()
                .map(scope -> explore(CanaryModel.correct(scope)))
                .toList();
    }

    private static final class Merge {
        static final List<Verdict<MergeState>> VERDICTS = MergeScope.ALL.stream()
                .map(scope -> explore(MergeModel.correct(scope)))
                .toList();
    }

    private static final class Ownership {
        static final Set<String> ROWS = new TreeSet<>();
        static final Verdict<OwnershipState> VERDICT =
                explore(recording(OwnershipModel.correct(), RecoveryRows::describe, ROWS));
    }

    private static <S> Verdict<S> explore(Model<S> model) {
        Verdict<S> verdict = Explorer.explore(model, MOST_STATES);
        say(model.name() + ": " + verdict);
        return verdict;
    }

    /** Into the output of the tests: whoever runs them shall see how much was explored. */
    public static void say(String what) {
        System.out.println(what);
    }

    /** The model, with a note of every aspect that a state shows. */
    private static <S> Model<S> recording(Model<S> model, Function<S, String> aspect, Set<String> seen) {
        Invariant<S> recorder = new Invariant<>("is noted", state -> seen.add(aspect.apply(state)) || !seen.isEmpty());
        List<Invariant<S>> invariants =
                Stream.concat(model.invariants().stream(), Stream.of(recorder)).collect(Collectors.toList());
        return new Model<>(model.name(), model.initialStates(), model.actions(), invariants, model.accepted());
    }
}
