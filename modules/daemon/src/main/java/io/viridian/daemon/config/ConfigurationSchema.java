package io.viridian.daemon.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.fault.Invariant;

/** The JSON Schema (draft 2020-12) of {@code viridian.yaml}, for editors and {@code viridian config schema}. */
public final class ConfigurationSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Sorted, so that the file changes only when a key does. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final String REFERENCE = "#/$defs/reference";

    private ConfigurationSchema() {}

    /** The schema as text. */
    public static String json() {
        ObjectNode schema = NODES.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "viridian.yaml");
        schema.setAll(section(""));
        ObjectNode reference = schema.putObject("$defs").putObject("reference");
        reference.put("description", "The value of an environment variable or the content of a file.");
        reference.put("type", "string").put("pattern", "\\$\\{(env|file):[^}]+}");
        return schema.toPrettyString() + "\n";
    }

    private static ObjectNode section(String path) {
        ObjectNode schema = NODES.objectNode();
        schema.putArray("type").add("object");
        schema.put("additionalProperties", false);
        ObjectNode properties = NODES.objectNode();
        ArrayNode required = NODES.arrayNode();
        for (String name : ConfigurationKeys.children(path)) {
            String inside = path.isEmpty() ? name : path + "." + name;
            properties.set(name, property(inside));
            if (needed(inside)) {
                required.add(name);
            }
        }
        schema.set("properties", properties);
        if (required.isEmpty()) {
            // A section whose keys are all commented out is null to YAML.
            schema.withArray("type").add("null");
        } else {
            schema.set("required", required);
        }
        return schema;
    }

    /** A section is needed when one of its keys is, unless it is an element of a list. */
    private static boolean needed(String path) {
        return ConfigurationKeys.list().stream()
                .filter(key -> key.path().equals(path) || key.path().startsWith(path + "."))
                .filter(key -> key.path().indexOf('[', path.length()) < 0)
                .anyMatch(key -> key.presence() instanceof Presence.Required);
    }

    private static JsonNode property(String path) {
        return ConfigurationKeys.find(path)
                .<JsonNode>map(ConfigurationSchema::key)
                .orElseGet(() -> ConfigurationKeys.variants(path).isEmpty() ? section(path) : elements(path));
    }

    private static ObjectNode elements(String path) {
        ObjectNode schema = NODES.objectNode();
        schema.putArray("type").add("array").add("null");
        ArrayNode variants = schema.putObject("items").putArray("oneOf");
        for (String name : ConfigurationKeys.variants(path)) {
            ObjectNode variant = variants.addObject();
            variant.put("type", "object");
            variant.put("additionalProperties", false);
            variant.putObject("properties").set(name, section(path + "[]." + name));
            variant.putArray("required").add(name);
        }
        return schema;
    }

    private static ObjectNode key(ConfigurationKey<?> key) {
        ObjectNode schema = NODES.objectNode();
        schema.put("description", key.meaning() + " Must be " + key.type().rule() + ".");
        switch (key.type()) {
            case ScalarType<?> scalar -> schema.set("anyOf", orReference(scalar));
            case ListType<?> list -> {
                schema.put("type", "array");
                schema.putObject("items").set("anyOf", orReference(list.element()));
            }
        }
        key.defaultText().ifPresent(text -> schema.set("default", value(text)));
        schema.putArray("examples").add(value(key.example()));
        return schema;
    }

    private static ArrayNode orReference(ScalarType<?> type) {
        ArrayNode choices = NODES.arrayNode();
        choices.add(JSON.<JsonNode>valueToTree(type.schema()));
        choices.addObject().put("$ref", REFERENCE);
        return choices;
    }

    /** What the text of a default or example is to a YAML reader: numbers, booleans, lists, or a text. */
    private static JsonNode value(String text) {
        if (!text.matches("\\d+|true|false|\\[.*|\".*")) {
            return NODES.textNode(text);
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw Invariant.broken("an example of the registry is no JSON: " + text + ": " + broken.getMessage());
        }
    }
}
