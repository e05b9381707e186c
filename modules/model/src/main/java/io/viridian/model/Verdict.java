package io.viridian.model;

import java.util.Locale;

/** What an exploration found. There is no third answer: a search that had to stop early is an error. */
public sealed interface Verdict<S> {
    /** How many different states were visited. */
    int states();

    /**
     * Every reachable state was visited and none breaks a claim.
     *
     * @param states different states visited
     * @param transitions steps followed, including those to states already known
     * @param depth length of the longest of the shortest ways to a state
     * @param ends states in which nothing happens any more, all of them accepted
     */
    record Holds<S>(int states, long transitions, int depth, int ends) implements Verdict<S> {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "holds: %,d states, %,d transitions, depth %d, %,d ends",
                    states,
                    transitions,
                    depth,
                    ends);
        }
    }

    /**
     * A claim is broken; no shorter history breaks any.
     *
     * @param property the claim
     * @param trace how it comes to be broken
     * @param states different states visited until then
     */
    record Violated<S>(String property, Trace<S> trace, int states) implements Verdict<S> {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "violated after %,d states: %s\n%s", states, property, trace);
        }
    }
}
