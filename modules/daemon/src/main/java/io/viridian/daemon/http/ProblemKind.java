package io.viridian.daemon.http;

import io.viridian.fault.FaultCode;
import java.util.Locale;

/**
 * What can be wrong with a request before the migration is asked; what the migration refuses is a {@link FaultCode}.
 */
enum ProblemKind {
    UNKNOWN_PATH(404, FaultCode.USAGE, "No such path", "Look at /openapi.yaml for the paths there are."),
    UNKNOWN_MIGRATION(404, FaultCode.USAGE, "No such migration", "GET /v1/migrations names the one this daemon runs."),
    UNKNOWN_OPERATION(404, FaultCode.USAGE, "No such operation", "Use the Location of the answer that accepted it."),
    NOT_FOUND_YET(404, FaultCode.USAGE, "Nothing there yet", "Ask for a verification first: `viridian verify --wait`."),
    METHOD_NOT_ALLOWED(405, FaultCode.USAGE, "This path has no such method", "The header Allow lists its methods."),
    MALFORMED_REQUEST(400, FaultCode.USAGE, "The request cannot be understood", "Correct it as the detail says."),
    UNKNOWN_OPERATION_TYPE(400, FaultCode.USAGE, "No such type of operation", "Correct it as the detail says."),
    PATH_TOO_LONG(414, FaultCode.USAGE, "The path is too long", "Send at most 4,096 characters."),
    HEADERS_TOO_LARGE(431, FaultCode.USAGE, "The headers are too large", "Send at most 16 KiB of headers."),
    BODY_TOO_LARGE(413, FaultCode.USAGE, "The body is too large", "Send at most 64 KiB."),
    BODY_NOT_JSON(415, FaultCode.USAGE, "The body is not JSON", "Send Content-Type: application/json."),
    BODY_TOO_SLOW(408, FaultCode.TIMED_OUT, "The body did not arrive in time", "Send it again."),
    HOST_REFUSED(
            421,
            FaultCode.NOT_ALLOWED,
            "This host name is not served",
            "Call it by 127.0.0.1, [::1] or localhost; other names are refused so that no web page can reach it."),
    TOKEN_MISSING(401, FaultCode.NOT_ALLOWED, "A token is needed", "Send Authorization: Bearer with a token's text."),
    TOKEN_REFUSED(
            401,
            FaultCode.NOT_ALLOWED,
            "This token is not known",
            "Read the token file again: a daemon makes a new token at every start. With http.tokens-file it must be one of that file."),
    TOKEN_EXPIRED(
            401, FaultCode.NOT_ALLOWED, "This token has expired", "Have a new one made: `viridian token create`."),
    ROLE_MISSING(403, FaultCode.NOT_ALLOWED, "The token's role does not allow this", "Use a token with that role."),
    VERSION_MISSING(
            428,
            FaultCode.USAGE,
            "If-Match is missing",
            "Get the migration, look at it, and send its ETag as If-Match."),
    VERSION_STALE(
            412,
            FaultCode.CONFLICT,
            "The migration has changed meanwhile",
            "Get the migration again, look at what changed, and send its new ETag."),
    KEY_REUSED(
            422,
            FaultCode.CONFLICT,
            "This Idempotency-Key was used for another request",
            "Use a new key for each new request."),
    NOT_POSSIBLE_NOW(
            409, FaultCode.USAGE, "The state does not allow this", "`allowedActions` says what is possible, and why."),
    PLAN_OTHER(
            409, FaultCode.PLAN_CHANGED, "The plan is another one now", "Read the plan again and send its new hash."),
    TOO_MANY_REQUESTS(
            503, FaultCode.TIMED_OUT, "Too many requests at once", "Wait a moment and try again; hang up idle calls."),
    STARTING(503, FaultCode.TIMED_OUT, "The daemon is starting", "Try again in a moment."),
    STOPPING(503, FaultCode.TIMED_OUT, "The daemon is stopping", "Try again when it runs."),
    NOT_READY(503, FaultCode.TIMED_OUT, "The daemon is not ready", "Wait; the detail says for what.");

    private final int status;
    private final FaultCode code;
    private final String title;
    private final String fix;

    ProblemKind(int status, FaultCode code, String title, String fix) {
        this.status = status;
        this.code = code;
        this.title = title;
        this.fix = fix;
    }

    Problem with(String detail) {
        return new Problem(type(), status, title, detail, code, "", "", "", status == 503 || status == 408, fix);
    }

    Problem about(String object, String detail) {
        return new Problem(type(), status, title, detail, code, "", object, "", status == 503 || status == 408, fix);
    }

    ProblemException refusal(String detail) {
        return new ProblemException(with(detail));
    }

    private String type() {
        return "urn:viridian:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
