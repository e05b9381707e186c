package io.viridian.daemon.config;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Everything wrong with a configuration, in the order of the file. */
public record ConfigurationProblems(List<Problem> list) {
    public ConfigurationProblems {
        list = list.stream()
                .distinct()
                .sorted(Comparator.comparing((Problem problem) ->
                                problem.file().map(Object::toString).orElse(""))
                        .thenComparingInt(Problem::line))
                .toList();
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** NOT_YET when nothing is wrong but what is not built, else CONFIGURATION_INVALID. */
    public FaultCode code() {
        return list.stream().allMatch(problem -> problem.code() == FaultCode.NOT_YET)
                ? FaultCode.NOT_YET
                : FaultCode.CONFIGURATION_INVALID;
    }

    public ConfigurationException asException() {
        return new ConfigurationException(this);
    }

    /** One problem per line. */
    public String text() {
        return list.stream().map(Problem::sentence).collect(Collectors.joining("\n"));
    }

    /** All of it as one fault. */
    public Fault asFault() {
        String object = list.isEmpty() ? "" : list.getFirst().origin().toString();
        return Fault.about(code(), object, text());
    }
}
