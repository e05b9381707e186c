package io.viridian.daemon.http;

import java.util.HashMap;
import java.util.Map;

/** One answer, complete. */
record Reply(int status, String contentType, String body, Map<String, String> headers) {
    private static final String JSON = "application/json";

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, Json.Writer fields) {
        return new Reply(status, JSON, Json.document(fields), Map.of());
    }

    static Reply text(int status, String body) {
        return new Reply(status, "text/plain; charset=utf-8", body + "\n", Map.of());
    }

    /** What the client has already is still what there is. */
    static Reply unchanged(String contentType) {
        return new Reply(304, contentType, "", Map.of());
    }

    static Reply of(Problem problem) {
        Reply reply = new Reply(problem.status(), Problem.CONTENT_TYPE, problem.json(), Map.of());
        return problem.status() == 401 ? reply.with("WWW-Authenticate", "Bearer realm=\"viridian\"") : reply;
    }

    Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, contentType, body, more);
    }
}
