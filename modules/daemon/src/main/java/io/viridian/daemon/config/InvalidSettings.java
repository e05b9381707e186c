package io.viridian.daemon.config;

import java.util.List;
import java.util.stream.Collectors;

/** A section refused its values. The loader adds where they came from. */
final class InvalidSettings extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /** One key and what it must be. */
    record Violation(ConfigurationKey<?> key, String rule) {}

    InvalidSettings(List<Violation> violations) {
        super(violations.stream()
                .map(violation -> violation.key().path() + " " + violation.rule())
                .collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    List<Violation> violations() {
        return violations;
    }
}
