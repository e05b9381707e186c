package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.viridian.migration.Operation;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An operation, also the document that a verb with {@code --wait} prints. */
final class OperationJson {
    /** The key under which a switch tells how long nobody could write. */
    static final String WRITE_PAUSE = "write_pause_ms";

    private OperationJson() {}

    static void write(JsonGenerator json, Operation operation) throws IOException {
        json.writeStringField("id", operation.id());
        json.writeStringField("type", operation.type().text());
        json.writeStringField("status", operation.status().name());
        json.writeStringField("reason", operation.reason());
        json.writeStringField("by", operation.by());
        Json.object(json, "parameters", inside -> texts(inside, operation.parameters()));
        Json.moment(json, "requested", Optional.of(operation.requested()));
        Json.moment(json, "started", operation.started());
        Json.moment(json, "finished", operation.finished());
        if (pausesWrites(operation.type())) {
            writePause(json, operation);
        }
        Json.object(json, "result", inside -> texts(inside, operation.result()));
    }

    private static void texts(JsonGenerator json, Map<String, String> map) throws IOException {
        for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
    }

    private static boolean pausesWrites(Operation.Type type) {
        return switch (type) {
            case CUTOVER, ROLLBACK, REHEARSE -> true;
            case VERIFY, ARM, DISARM, CANARY, OVERRIDE, APPROVE, PAUSE, RESUME, ABORT, FINALIZE -> false;
        };
    }

    /** As a number, just as it was measured; the result holds texts only. */
    private static void writePause(JsonGenerator json, Operation operation) throws IOException {
        Optional<BigDecimal> pause =
                Optional.ofNullable(operation.result().get(WRITE_PAUSE)).flatMap(OperationJson::number);
        if (pause.isPresent()) {
            json.writeNumberField(WRITE_PAUSE, pause.get());
        } else {
            json.writeNullField(WRITE_PAUSE);
        }
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
