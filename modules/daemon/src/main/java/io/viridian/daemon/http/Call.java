package io.viridian.daemon.http;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One request, read to its end.
 *
 * @param path the parts of the path that the endpoint names, like {@code m}
 * @param headers by lower-case name
 * @param caller empty without a token
 * @param over whether nobody waits for the answer any more: the client hung up or the daemon stops
 */
record Call(
        Map<String, String> path,
        Map<String, String> query,
        Map<String, String> headers,
        String body,
        Optional<Caller> caller,
        BooleanSupplier over) {
    Call {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    String part(String name) {
        return path.getOrDefault(name, "");
    }

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** A whole number in the query, or the default when it is not given. */
    long number(String name, long least, long most, long otherwise) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notANumber(name, text, least, most);
        }
        throw notANumber(name, text, least, most);
    }

    private static ProblemException notANumber(String name, String text, long least, long most) {
        return new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                name, "%s must be a whole number from %d to %d, not '%s'".formatted(name, least, most, text)));
    }
}
