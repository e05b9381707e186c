package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.function.Predicate;

/** Parts of JSON arrays. */
final class JsonNodeArrays {
    private JsonNodeArrays() {}

    static ArrayNode filtered(JsonNode array, Predicate<JsonNode> wanted) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> {
            if (wanted.test(element)) {
                kept.add(element);
            }
        });
        return kept;
    }
}
