package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.viridian.control.ConflictView;
import java.io.IOException;
import java.util.Optional;

/** A row that both sides had changed, with what either had. */
final class ConflictJson {
    private ConflictJson() {}

    static void write(JsonGenerator json, ConflictView conflict) throws IOException {
        json.writeStringField("table", conflict.table());
        json.writeArrayFieldStart("key");
        for (String value : conflict.key()) {
            json.writeString(value);
        }
        json.writeEndArray();
        json.writeStringField("kind", conflict.kind());
        row(json, "blue_row", conflict.blueRow());
        row(json, "green_row", conflict.greenRow());
        json.writeStringField("blue_at", conflict.blueAt().toString());
        json.writeStringField("green_at", conflict.greenAt().toString());
        json.writeStringField("blue_position", conflict.bluePosition());
        json.writeStringField("green_position", conflict.greenPosition());
        json.writeStringField("policy", conflict.policy());
        json.writeStringField("outcome", conflict.outcome());
        json.writeStringField("settled_at", conflict.settledAt().toString());
    }

    /** The server's own JSON, as it is. */
    private static void row(JsonGenerator json, String name, Optional<String> row) throws IOException {
        json.writeFieldName(name);
        if (row.isPresent()) {
            json.writeRawValue(row.get());
        } else {
            json.writeNull();
        }
    }
}
