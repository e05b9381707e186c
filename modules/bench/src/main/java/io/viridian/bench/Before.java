package io.viridian.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ratios of an earlier run, to be shown beside those of the next one.
 *
 * @param measured the day, or empty when there was no such run
 * @param values what each goal's measured value was, as it was shown
 */
record Before(String measured, Map<String, String> values) {
    static final Before NOTHING = new Before("", Map.of());

    Before {
        values = Map.copyOf(values);
    }

    static Before of(Results earlier) {
        return of(earlier.measured(), Goals.of(earlier));
    }

    private static Before of(String measured, List<Goal> goals) {
        Map<String, String> values = new LinkedHashMap<>();
        goals.forEach(goal -> values.put(goal.what(), goal.value()));
        return new Before(measured, values);
    }

    /** What it was, or nothing. */
    String value(Goal goal) {
        return values.getOrDefault(goal.what(), "");
    }
}
