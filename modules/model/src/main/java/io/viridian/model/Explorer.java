package io.viridian.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Visits every reachable state of a model, breadth first.
 *
 * <p>Three things are checked: each invariant in each state; that a state without a successor is accepted ("deadlock");
 * and, when everything has been visited, that an accepted end can still be reached from everywhere ("trap"), so that
 * running in circles does not pass for working. A step that changes nothing is not a step: polling hides no deadlock.
 */
public final class Explorer<S> {
    public static final String NO_DEADLOCK = "nothing can happen any more, and that is not an accepted end";
    public static final String NO_TRAP = "no accepted end can be reached any more";

    private final Model<S> model;
    private final int maxStates;
    private final StateGraph<S> graph = new StateGraph<>();
    private final List<Integer> ends = new ArrayList<>();

    private Explorer(Model<S> model, int maxStates) {
        this.model = model;
        this.maxStates = maxStates;
    }

    /**
     * Explores the whole model, or up to the first broken claim.
     *
     * @throws StateLimitExceeded when there are more states than allowed
     */
    public static <S> Verdict<S> explore(Model<S> model, int maxStates) {
        return new Explorer<>(model, maxStates).run();
    }

    private Verdict<S> run() {
        for (S state : model.initialStates()) {
            if (graph.addInitial(state)) {
                Optional<Verdict<S>> broken = judgeNewest();
                if (broken.isPresent()) {
                    return broken.get();
                }
            }
        }
        for (int number = 0; number < graph.size(); number++) {
            Optional<Verdict<S>> broken = expand(number);
            if (broken.isPresent()) {
                return broken.get();
            }
        }
        return judgeWhole();
    }

    private Optional<Verdict<S>> expand(int number) {
        S state = graph.state(number);
        boolean isEnd = true;
        for (Action<S> action : model.actions()) {
            for (S successor : action.successors().apply(state)) {
                if (successor.equals(state)) {
                    continue;
                }
                isEnd = false;
                Optional<Verdict<S>> broken =
                        graph.addStep(number, action.name(), successor) ? judgeNewest() : Optional.empty();
                if (broken.isPresent()) {
                    return broken;
                }
            }
        }
        if (!isEnd) {
            return Optional.empty();
        }
        ends.add(number);
        return model.accepted().test(state) ? Optional.empty() : Optional.of(violated(NO_DEADLOCK, number));
    }

    private Optional<Verdict<S>> judgeNewest() {
        if (graph.size() > maxStates) {
            throw new StateLimitExceeded(model.name(), maxStates);
        }
        int newest = graph.size() - 1;
        for (Invariant<S> invariant : model.invariants()) {
            if (!invariant.holds().test(graph.state(newest))) {
                return Optional.of(violated(invariant.name(), newest));
            }
        }
        return Optional.empty();
    }

    private Verdict<S> judgeWhole() {
        return graph.firstWithoutWayTo(ends).stream()
                .mapToObj(number -> violated(NO_TRAP, number))
                .findFirst()
                .orElseGet(() ->
                        new Verdict.Holds<>(graph.size(), graph.edges(), graph.depth(graph.size() - 1), ends.size()));
    }

    private Verdict<S> violated(String property, int number) {
        return new Verdict.Violated<>(property, graph.traceTo(number), graph.size());
    }
}
