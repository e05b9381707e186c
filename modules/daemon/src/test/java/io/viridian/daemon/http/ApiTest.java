package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.time.Clock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiTest {
    private final ApiDescription description = ApiDescription.read();

    @Test
    void servesExactlyWhatItsDescriptionSays() {
        assertThat(served()).containsExactlyInAnyOrderElementsOf(description.methods());
    }

    @Test
    void servesThePathsOfTheContract() {
        assertThat(served())
                .contains(
                        "GET /livez",
                        "GET /readyz",
                        "GET /metrics",
                        "GET /",
                        "GET /v1/migrations",
                        "GET /v1/migrations/{m}",
                        "GET /v1/migrations/{m}/tables",
                        "GET /v1/migrations/{m}/gates",
                        "GET /v1/migrations/{m}/events",
                        "GET /v1/migrations/{m}/certificate",
                        "GET /v1/migrations/{m}/plan/{what}",
                        "GET /v1/migrations/{m}/stream",
                        "POST /v1/migrations/{m}/operations",
                        "GET /v1/migrations/{m}/operations/{id}",
                        "GET /route/{m}/write/{side}");
    }

    @Test
    void describesEveryStateAndOperation() {
        assertThat(texts("State", "/enum"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(StateName.values()).map(Enum::name).toList());
        assertThat(texts("OperationType", "/enum"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Operation.Type.values())
                        .map(Operation.Type::text)
                        .toList());
        assertThat(texts("Operation", "/properties/status/enum"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Operation.Status.values()).map(Enum::name).toList());
        assertThat(texts("OperationRequest", "/properties/type/enum"))
                .containsExactly(
                        "cutover",
                        "rollback",
                        "verify",
                        "repair",
                        "rehearse",
                        "arm",
                        "disarm",
                        "canary",
                        "override",
                        "approve",
                        "pause",
                        "resume",
                        "tune",
                        "abort",
                        "finalize");
    }

    @Test
    void describesEveryParameterOfAnOperation() {
        List<String> described = new ArrayList<>();
        description.schema("OperationRequest").path("properties").fieldNames().forEachRemaining(described::add);
        List<String> taken = new ArrayList<>(List.of("type", "reason"));
        for (Operation.Type type : Operation.Type.values()) {
            taken.addAll(OperationRequest.parametersOf(type));
        }

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(taken.stream().distinct().toList());
    }

    private List<String> texts(String schema, String pointer) {
        List<String> texts = new ArrayList<>();
        description.schema(schema).at(pointer).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** HEAD goes with every GET and is not described. */
    private static List<String> served() {
        InMemoryControl control = new InMemoryControl();
        HttpSettings settings = LiveServer.settings(Path.of("unused"), 0);
        List<String> served = new ArrayList<>(List.of("GET " + Api.STREAM));
        Api.endpoints(
                        settings,
                        new Api.Parts(
                                new ProbeAnswers(control, Readiness.ALWAYS, LiveServer.registry(), () -> {}),
                                new PageAnswers(),
                                new MigrationAnswers(control, new LagHistory(control, Clock.system())),
                                new OperationAnswers(control, settings, Clock.system())))
                .forEach(endpoint -> endpoint.methods().stream()
                        .filter(method -> !method.equals("HEAD"))
                        .forEach(method -> served.add(method + " " + endpoint.path())));
        return served;
    }
}
