package io.viridian.model;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A history that leads from a first state to the state in question, one step a line when printed.
 *
 * @param start the first state
 * @param steps what happened, in order; empty when the first state itself is meant
 */
public record Trace<S>(S start, List<Step<S>> steps) {
    public Trace {
        steps = List.copyOf(steps);
    }

    /** The state the history ends in. */
    public S end() {
        return steps.isEmpty() ? start : steps.getLast().state();
    }

    /** What happened, without the states. */
    public List<String> actions() {
        return steps.stream().map(Step::action).toList();
    }

    @Override
    public String toString() {
        int width = actions().stream().mapToInt(String::length).max().orElse(0);
        String line = "%2d. %-" + Math.max(width, "start".length()) + "s  %s\n";
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, line, 0, "start", start));
        for (int number = 1; number <= steps.size(); number++) {
            Step<S> step = steps.get(number - 1);
            text.append(String.format(Locale.ROOT, line, number, step.action(), step.state()));
        }
        return text.toString();
    }

    /** The actions joined into one line. */
    public String summary() {
        return actions().stream().collect(Collectors.joining(" → "));
    }

    /** One step: the action taken and the state after it. */
    public record Step<S>(String action, S state) {}
}
