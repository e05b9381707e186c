package io.viridian.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.fault.FaultCode;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What the daemon says when it refuses, for people, with the exit code that belongs to it. */
final class ProblemText {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> COMING_OR_GOING =
            Set.of("urn:viridian:problem:starting", "urn:viridian:problem:stopping");

    private ProblemText() {}

    static Failure failure(int status, String body) {
        JsonNode problem = parsed(body);
        if (!problem.path("code").isTextual()) {
            return new Failure(
                    ExitCode.BUG,
                    "BUG: the server answered %d and no problem; is it a Viridian daemon?".formatted(status),
                    "Check --server.");
        }
        String code = problem.path("code").asText();
        StringBuilder what = new StringBuilder(code)
                .append(": ")
                .append(problem.path("detail").asText());
        String object = problem.path("object").asText("");
        if (!problem.path("object").isNull() && !object.isEmpty() && what.indexOf(object) < 0) {
            what.append(" (").append(object).append(')');
        }
        if (problem.path("sqlstate").isTextual()) {
            what.append(" [SQLSTATE ").append(problem.path("sqlstate").asText()).append(']');
        }
        return new Failure(exit(code), what.toString(), problem.path("fix").asText());
    }

    /** Whether a daemon says that it is starting or stopping, and that it carried nothing out. */
    static boolean comesOrGoes(String body) {
        return COMING_OR_GOING.contains(parsed(body).path("type").asText());
    }

    /**
     * By the fault's own number; a code that this program does not know yet is a bug until it is brought up to date.
     */
    static ExitCode exit(String code) {
        return faultCode(code).flatMap(known -> ExitCode.of(known.exitCode())).orElse(ExitCode.BUG);
    }

    static Optional<FaultCode> faultCode(String name) {
        return Arrays.stream(FaultCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst();
    }

    private static JsonNode parsed(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }
}
