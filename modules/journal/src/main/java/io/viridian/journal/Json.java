package io.viridian.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** JSON trees and texts. No classes are bound: what is persisted is spelled out by whoever persists it. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw Fault.of(FaultCode.BUG, "the journal holds what is no JSON: " + text)
                    .asException(malformed);
        }
    }

    /** A field that every version has written. */
    static JsonNode field(JsonNode node, String name) {
        JsonNode field = node.get(name);
        if (field == null || field.isNull()) {
            throw Fault.of(FaultCode.BUG, "the journal lacks '" + name + "' in " + node)
                    .asException();
        }
        return field;
    }

    /** A field that is written only where there is something to write. */
    static Optional<JsonNode> optional(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).filter(field -> !field.isNull());
    }

    static String text(JsonNode node, String name) {
        return field(node, name).asText();
    }

    static String texts(Map<String, String> map) {
        ObjectNode node = object();
        new TreeMap<>(map).forEach(node::put);
        return node.toString();
    }

    static Map<String, String> texts(String json) {
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : parse(json).properties()) {
            map.put(field.getKey(), field.getValue().asText());
        }
        return map;
    }
}
