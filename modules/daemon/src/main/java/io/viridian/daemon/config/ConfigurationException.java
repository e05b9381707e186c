package io.viridian.daemon.config;

import io.viridian.fault.Fault;

/** The configuration is refused, with every reason. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ConfigurationProblems problems;

    ConfigurationException(ConfigurationProblems problems) {
        super(problems.text());
        this.problems = problems;
    }

    public ConfigurationProblems problems() {
        return problems;
    }

    /** For exit codes and reports: CONFIGURATION_INVALID or NOT_YET. */
    public Fault fault() {
        return problems.asFault();
    }
}
