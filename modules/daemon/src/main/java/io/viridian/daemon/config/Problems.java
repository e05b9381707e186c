package io.viridian.daemon.config;

import java.util.ArrayList;
import java.util.List;

/** Collects problems while reading, so that all of them are told at once. One reader, one thread. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(Problem problem) {
        found.add(problem);
    }

    ConfigurationProblems all() {
        return new ConfigurationProblems(found);
    }
}
