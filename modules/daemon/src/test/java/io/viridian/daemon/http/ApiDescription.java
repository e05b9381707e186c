package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** {@code openapi.yaml}, to compare answers with. */
final class ApiDescription {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private final JsonNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private ApiDescription(JsonNode document) {
        this.document = document;
    }

    static ApiDescription read() {
        try (InputStream stream =
                Objects.requireNonNull(ApiDescription.class.getResourceAsStream("openapi.yaml"), "openapi.yaml")) {
            return new ApiDescription(new YAMLMapper().readTree(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every {@code GET /path} in it. */
    List<String> methods() {
        List<String> methods = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(field -> {
                    if (!field.equals("parameters")) {
                        methods.add(field.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return methods;
    }

    /** What every {@code GET /path} is for. */
    Map<String, String> summaries() {
        Map<String, String> summaries = new LinkedHashMap<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> method.getValue().has("summary"))
                        .forEach(method -> summaries.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                method.getValue().path("summary").asText())));
        return summaries;
    }

    JsonNode schema(String name) {
        return document.path("components").path("schemas").path(name);
    }

    /** Demands that the JSON is what the description says under this name. */
    void assertValid(String schema, JsonNode json) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("$schema", DIALECT);
        root.put("$ref", "#/components/schemas/" + schema);
        root.set("components", document.path("components"));
        assertThat(schemas.getSchema(root).validate(json))
                .as("%s: %s", schema, json)
                .isEmpty();
    }

    /** Demands a problem, complete and with this status and code. */
    void assertProblem(java.net.http.HttpResponse<String> response, int status, String type, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = LiveServer.json(response);
        assertValid("Problem", problem);
        assertThat(problem.path("type").asText()).endsWith(":" + type);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
    }
}
