package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.viridian.daemon.config.VerifyLevel;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The body of a request for an operation. Two bodies are the same request when they say the same, however they are
 * written.
 */
record OperationRequest(Operation.Type type, Map<String, String> parameters, String reason) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** In the contract, but nothing stands behind them yet. */
    private static final Set<String> NOT_YET = Set.of("repair", "tune");

    OperationRequest {
        parameters = Map.copyOf(parameters);
    }

    /** Reads {@code {"type": "cutover", "reason": "…", …}}; everything else in it is a parameter of that type. */
    static OperationRequest parse(String body) {
        JsonNode document = document(body);
        Operation.Type type = type(document);
        Map<String, String> parameters = new TreeMap<>();
        document.properties().forEach(field -> {
            if (!field.getKey().equals("type") && !field.getKey().equals("reason")) {
                demandKnown(type, field.getKey());
                String value = text(field.getKey(), field.getValue());
                if (field.getKey().equals("level")) {
                    demandBuilt(value);
                }
                parameters.put(field.getKey(), value);
            }
        });
        return new OperationRequest(
                type, parameters, document.has("reason") ? text("reason", document.get("reason")) : "");
    }

    /** What may stand beside type and reason. */
    static List<String> parametersOf(Operation.Type type) {
        return switch (type) {
            case CUTOVER -> List.of("plan");
            case ROLLBACK -> List.of("plan", "accept_data_loss");
            case FINALIZE -> List.of("plan", "confirm");
            case VERIFY -> List.of("table", "level");
            case REHEARSE -> List.of("times");
            case ARM -> List.of("max_lag", "stable_for", "not_before", "not_after", "attempts", "expires_after");
            case OVERRIDE -> List.of("gate", "for", "withdraw");
            case APPROVE -> List.of("withdraw");
            case CANARY -> List.of("action", "for", "conflicts");
            case DISARM, PAUSE, RESUME, ABORT -> List.of();
        };
    }

    private static JsonNode document(String body) {
        try {
            JsonNode document = MAPPER.readTree(body);
            if (document.isObject()) {
                return document;
            }
            throw ProblemKind.MALFORMED_REQUEST.refusal(
                    "the body must be a JSON object like {\"type\": \"verify\", \"reason\": \"before the switch\"}");
        } catch (JsonProcessingException e) {
            throw ProblemKind.MALFORMED_REQUEST.refusal("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    private static Operation.Type type(JsonNode document) {
        if (!document.path("type").isTextual()) {
            throw new ProblemException(ProblemKind.UNKNOWN_OPERATION_TYPE.about(
                    "type", "the body names no `type`; there are " + knownTypes()));
        }
        String type = document.path("type").asText();
        if (NOT_YET.contains(type)) {
            throw Fault.about(
                            FaultCode.NOT_YET,
                            type,
                            "the operation `%s` is not built yet; today there are %s".formatted(type, knownTypes()))
                    .asException();
        }
        return Arrays.stream(Operation.Type.values())
                .filter(known -> known.text().equals(type))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ProblemKind.UNKNOWN_OPERATION_TYPE.about(
                        "type", "there is no operation '%s'; there are %s".formatted(type, knownTypes()))));
    }

    private static void demandKnown(Operation.Type type, String parameter) {
        List<String> known = parametersOf(type);
        if (!known.contains(parameter)) {
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                    parameter,
                    "%s knows no '%s'; it takes type, reason%s"
                            .formatted(
                                    type.text(),
                                    parameter,
                                    known.stream().map(name -> ", " + name).collect(Collectors.joining()))));
        }
    }

    private static void demandBuilt(String level) {
        if (level.isEmpty()) {
            return;
        }
        VerifyLevel wanted = Arrays.stream(VerifyLevel.values())
                .filter(known -> known.name().equals(level.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                        "level", "there is no level '" + level + "'; it is basic, standard, rigorous or forensic")));
        if (!wanted.built()) {
            throw Fault.about(
                            FaultCode.NOT_YET,
                            "level",
                            "the level " + level + " is not built yet; " + VerifyLevel.INSTEAD)
                    .asException();
        }
    }

    private static String text(String name, JsonNode value) {
        if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                    name, "'%s' must be a text, number or boolean".formatted(name)));
        }
        return value.asText();
    }

    private static String knownTypes() {
        return Arrays.stream(Operation.Type.values()).map(Operation.Type::text).collect(Collectors.joining(" "));
    }
}
