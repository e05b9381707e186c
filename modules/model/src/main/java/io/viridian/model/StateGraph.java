package io.viridian.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The states met so far, numbered in the order of their discovery, and the steps between them. The first step into a
 * state is remembered apart: following it backwards is a shortest way.
 */
final class StateGraph<S> {
    private static final int NO_PARENT = -1;

    private final StateIndex<S> states = new StateIndex<>();
    private final List<String> discoveredBy = new ArrayList<>();
    private final IntSequence parents = new IntSequence();
    private final IntSequence depths = new IntSequence();
    private final IntSequence edgeSources = new IntSequence();
    private final IntSequence edgeTargets = new IntSequence();

    int size() {
        return states.size();
    }

    long edges() {
        return edgeSources.size();
    }

    S state(int number) {
        return states.state(number);
    }

    int depth(int number) {
        return depths.get(number);
    }

    /** Adds a first state; false when it is known already. */
    boolean addInitial(S state) {
        int before = states.size();
        add(state, NO_PARENT, "start");
        return states.size() > before;
    }

    /** Records a step; answers true when the state after it was not known before. */
    boolean addStep(int source, String action, S target) {
        int before = states.size();
        int number = add(target, source, action);
        edgeSources.add(source);
        edgeTargets.add(number);
        return states.size() > before;
    }

    private int add(S state, int parent, String action) {
        int before = states.size();
        int number = states.numberOf(state);
        if (number < before) {
            return number;
        }
        discoveredBy.add(action);
        parents.add(parent);
        depths.add(parent == NO_PARENT ? 0 : depths.get(parent) + 1);
        return number;
    }

    /** A shortest history that ends in this state. */
    Trace<S> traceTo(int number) {
        List<Trace.Step<S>> steps = new ArrayList<>();
        int current = number;
        while (parents.get(current) != NO_PARENT) {
            steps.add(new Trace.Step<>(discoveredBy.get(current), states.state(current)));
            current = parents.get(current);
        }
        return new Trace<>(states.state(current), steps.reversed());
    }

    /** The first state from which none of the goals can be reached, if there is one. */
    OptionalInt firstWithoutWayTo(List<Integer> goals) {
        boolean[] reaches = backwardsFrom(goals);
        for (int number = 0; number < reaches.length; number++) {
            if (!reaches[number]) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }

    private boolean[] backwardsFrom(List<Integer> goals) {
        int[] firstEdge = new int[size() + 1];
        int[] sources = edgesByTarget(firstEdge);
        boolean[] reached = new boolean[size()];
        ArrayDeque<Integer> pending = new ArrayDeque<>(goals);
        goals.forEach(goal -> reached[goal] = true);
        while (!pending.isEmpty()) {
            int target = pending.remove();
            for (int edge = firstEdge[target]; edge < firstEdge[target + 1]; edge++) {
                if (!reached[sources[edge]]) {
                    reached[sources[edge]] = true;
                    pending.add(sources[edge]);
                }
            }
        }
        return reached;
    }

    /** The sources of all edges sorted by target; {@code firstEdge} receives where each target's sources begin. */
    private int[] edgesByTarget(int[] firstEdge) {
        for (int edge = 0; edge < edgeTargets.size(); edge++) {
            firstEdge[edgeTargets.get(edge) + 1]++;
        }
        for (int target = 0; target < size(); target++) {
            firstEdge[target + 1] += firstEdge[target];
        }
        int[] next = firstEdge.clone();
        int[] sources = new int[edgeSources.size()];
        for (int edge = 0; edge < edgeTargets.size(); edge++) {
            sources[next[edgeTargets.get(edge)]++] = edgeSources.get(edge);
        }
        return sources;
    }
}
