package io.viridian.bench;

import java.util.Locale;

/**
 * What Viridian has set itself, and what was measured.
 *
 * @param what is compared
 * @param measured the value, with its spread
 * @param atMost whether less is better
 * @param limit the goal
 * @param unit after numbers; empty for ratios
 * @param condition under which the goal holds when that is harder than what was measured; empty when it is the same
 */
record Goal(String what, Spread measured, boolean atMost, double limit, String unit, String condition) {
    static Goal atMost(String what, Spread ratio, double limit) {
        return new Goal(what, ratio, true, limit, "", "");
    }

    static Goal atLeast(String what, Spread ratio, double limit) {
        return new Goal(what, ratio, false, limit, "", "");
    }

    private boolean reached() {
        return atMost ? measured.median() <= limit : measured.median() >= limit;
    }

    /** Met, missed, or not shown: what holds under less load says nothing about more; what does not is missed there. */
    String verdict() {
        if (!reached()) {
            return "missed";
        }
        return condition.isEmpty() ? "met" : "not shown";
    }

    String goal() {
        return (atMost ? "≤ " : "≥ ") + number(limit) + (condition.isEmpty() ? "" : " " + condition);
    }

    String value() {
        return number(measured.median());
    }

    String range() {
        return number(measured.least()) + " – " + number(measured.most());
    }

    private String number(double value) {
        return unit.isEmpty()
                ? String.format(Locale.ROOT, "%.2f", value)
                : String.format(Locale.ROOT, "%,.0f %s", value, unit);
    }
}
