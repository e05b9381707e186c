package io.viridian.daemon.http;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.Retry;
import java.util.Locale;

/**
 * Why a request was not carried out: RFC 9457 with the contract's members.
 *
 * @param type names the kind for programs; a URN, because nothing is to be fetched there
 * @param gate the gate that refused, or empty
 * @param object the table, slot, key, header or file concerned, or empty
 * @param retryable whether the same request can succeed later without anybody acting
 */
record Problem(
        String type,
        int status,
        String title,
        String detail,
        FaultCode code,
        String gate,
        String object,
        String sqlState,
        boolean retryable,
        String fix) {
    static final String CONTENT_TYPE = "application/problem+json";

    /** What the migration refused or could not do. */
    static Problem of(Fault fault) {
        FaultCode code = fault.code();
        String word = code.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Problem(
                "urn:viridian:fault:" + word,
                status(code),
                sentenceCase(word.replace('-', ' ')),
                fault.detail(),
                code,
                code == FaultCode.GATE_REFUSED ? fault.object() : "",
                fault.object(),
                fault.sqlState(),
                code.retry() == Retry.AUTOMATIC,
                code.remedy());
    }

    String json() {
        return Json.document(json -> {
            json.writeStringField("type", type);
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            json.writeStringField("code", code.name());
            Json.text(json, "gate", gate);
            Json.text(json, "object", object);
            Json.text(json, "sqlstate", sqlState);
            json.writeBooleanField("retryable", retryable);
            json.writeStringField("fix", fix);
        });
    }

    /** By the exit code, so that both surfaces group the faults in the same way. */
    private static int status(FaultCode code) {
        if (code == FaultCode.NOT_YET) {
            return 501;
        }
        if (code == FaultCode.HELD_BY_ANOTHER) {
            return 503;
        }
        return switch (code.exitCode()) {
            case 2 -> 400;
            case 3, 4, 12 -> 409;
            case 5 -> 403;
            case 6, 7, 8 -> code.retry() == Retry.AUTOMATIC ? 503 : 502;
            case 9 -> 504;
            case 10 -> 503;
            default -> 500;
        };
    }

    private static String sentenceCase(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
