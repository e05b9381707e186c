package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.daemon.config.Role;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {
    private static final String CUTOVER = "{\"type\": \"cutover\", \"reason\": \"tonight\"}";
    private static final String VERIFY = "{\"type\": \"verify\", \"table\": \"public.items\"}";

    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private Path state;
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        state = directory;
        server = LiveServer.of(control, state);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Nested
    class Accepting {
        @ParameterizedTest
        @EnumSource(Operation.Type.class)
        void acceptsEveryTypeAndSaysWhereToFollowIt(Operation.Type type) throws Exception {
            HttpResponse<String> answer = server.ask("{\"type\": \"%s\"}".formatted(type.text()));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            JsonNode accepted = LiveServer.json(answer);
            description.assertValid("Operation", accepted);
            assertThat(accepted.path("status").asText()).isEqualTo("PENDING");
            String location = answer.headers().firstValue("Location").orElseThrow();
            JsonNode found = LiveServer.json(server.get(location));
            assertThat(found).isEqualTo(accepted);
        }

        @Test
        void keepsReasonParametersAndTheNameBehindTheToken() throws Exception {
            JsonNode operation =
                    LiveServer.json(server.ask("{\"type\":\"rehearse\",\"reason\":\"drill\",\"times\":3}"));

            assertThat(operation.path("reason").asText()).isEqualTo("drill");
            assertThat(operation.path("by").asText()).isEqualTo("admin");
            assertThat(operation.at("/parameters/times").asText()).isEqualTo("3");
        }

        @Test
        void liftsTheWritePauseOfASwitchAsANumber() throws Exception {
            control.finishWith(Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "82.5", "owner", "green"));

            JsonNode operation = LiveServer.json(server.ask(CUTOVER));

            description.assertValid("Operation", operation);
            assertThat(operation.path("write_pause_ms").decimalValue()).isEqualByComparingTo("82.5");
            assertThat(operation.at("/result/owner").asText()).isEqualTo("green");
            assertThat(operation.path("started").asText()).isEqualTo("2026-12-01T02:00:00Z");
            assertThat(operation.path("finished").asText()).isEqualTo("2026-12-01T02:00:01.500Z");
        }

        @Test
        void showsNoPauseForWhatPausesNothing() throws Exception {
            assertThat(LiveServer.json(server.ask(VERIFY)).has("write_pause_ms"))
                    .isFalse();
            assertThat(LiveServer.json(server.ask(CUTOVER))
                            .path("write_pause_ms")
                            .isNull())
                    .isTrue();
        }

        @Test
        void listsTheNewestFirst() throws Exception {
            server.ask(VERIFY);
            server.ask(CUTOVER);

            JsonNode list = server.read("/operations");

            description.assertValid("Operations", list);
            assertThat(list.at("/operations/0/type").asText()).isEqualTo("cutover");
            assertThat(server.read("/operations?limit=1").path("operations")).hasSize(1);
        }
    }

    @Nested
    class Versions {
        @ParameterizedTest
        @ValueSource(strings = {"cutover", "rollback", "abort", "finalize"})
        void demandsIfMatchForWhatEndsWritesOrLosesData(String type) throws Exception {
            HttpResponse<String> answer = server.send(server.posting("{\"type\": \"%s\"}".formatted(type))
                    .header("Authorization", "Bearer " + server.token()));

            description.assertProblem(answer, 428, "version-missing", "USAGE");
        }

        @ParameterizedTest
        @ValueSource(strings = {"verify", "rehearse", "pause", "resume"})
        void demandsNoIfMatchForTheRest(String type) throws Exception {
            HttpResponse<String> answer = server.send(server.posting("{\"type\": \"%s\"}".formatted(type))
                    .header("Authorization", "Bearer " + server.token()));

            assertThat(answer.statusCode()).isEqualTo(202);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"v6\"", "W/\"v7\"", "v7", ""})
        void refusesAStaleOrWeakTag(String tag) throws Exception {
            HttpResponse<String> answer = server.send(server.posting(VERIFY)
                    .header("Authorization", "Bearer " + server.token())
                    .header("If-Match", tag));

            description.assertProblem(answer, 412, "version-stale", "CONFLICT");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"v7\"", "\"v6\", \"v7\"", "*"})
        void acceptsTheCurrentTagAloneOrAmongOthers(String tags) throws Exception {
            HttpResponse<String> answer = server.send(server.posting(CUTOVER)
                    .header("Authorization", "Bearer " + server.token())
                    .header("If-Match", tags));

            assertThat(answer.statusCode()).isEqualTo(202);
        }

        @Test
        void letsOnlyTheFirstOfTwoWithTheSameTagPass() throws Exception {
            String seen = server.etag();
            server.ask(CUTOVER);

            HttpResponse<String> second = server.send(server.posting(CUTOVER)
                    .header("Authorization", "Bearer " + server.token())
                    .header("If-Match", seen));

            description.assertProblem(second, 412, "version-stale", "CONFLICT");
        }

        @Test
        void refusesAPlanThatIsAnotherOneNow() throws Exception {
            description.assertProblem(
                    server.ask("{\"type\":\"cutover\",\"plan\":\"0000\"}"), 409, "plan-other", "PLAN_CHANGED");
            assertThat(server.ask("{\"type\":\"cutover\",\"plan\":\"1f2e3d4c5b6a7988\"}")
                            .statusCode())
                    .isEqualTo(202);
        }
    }

    @Nested
    class IdempotencyKeys {
        @Test
        void givesTheSameAnswerToTheSameBodyAndRunsItOnce() throws Exception {
            String tag = server.etag();
            HttpResponse<String> first = server.ask(CUTOVER, "Idempotency-Key", "k1");

            HttpResponse<String> again = server.send(server.posting("{\"reason\":\"tonight\",\"type\":\"cutover\"}")
                    .header("Authorization", "Bearer " + server.token())
                    .header("If-Match", tag)
                    .header("Idempotency-Key", "k1"));

            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("Location"))
                    .isEqualTo(first.headers().firstValue("Location"));
            assertThat(control.operations(10)).hasSize(1);
        }

        @Test
        void refusesAnotherBodyUnderTheSameKey() throws Exception {
            server.ask(CUTOVER, "Idempotency-Key", "k1");

            description.assertProblem(server.ask(VERIFY, "Idempotency-Key", "k1"), 422, "key-reused", "CONFLICT");
        }

        @Test
        void knowsAfterARestartWhatWasAskedForBefore() throws Exception {
            String tag = server.etag();
            HttpResponse<String> first = server.ask(CUTOVER, "Idempotency-Key", "k1");
            server.close();
            server = LiveServer.of(control, state);

            HttpResponse<String> again = server.send(server.posting(CUTOVER)
                    .header("Authorization", "Bearer " + server.token())
                    .header("If-Match", tag)
                    .header("Idempotency-Key", "k1"));
            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(again.headers().firstValue("Location"))
                    .isEqualTo(first.headers().firstValue("Location"));
            description.assertProblem(server.ask(VERIFY, "Idempotency-Key", "k1"), 422, "key-reused", "CONFLICT");
            assertThat(control.operations(10)).hasSize(1);
        }

        @Test
        void doesNotRememberARefusal() throws Exception {
            control.refuse(Fault.about(FaultCode.GATE_REFUSED, "tx.longest", "a transaction runs for 212 s"));
            assertThat(server.ask(CUTOVER, "Idempotency-Key", "k1").statusCode())
                    .isEqualTo(409);
            server.close();
            InMemoryControl mended = new InMemoryControl();
            server = LiveServer.of(mended, state);

            assertThat(server.ask(CUTOVER, "Idempotency-Key", "k1").statusCode())
                    .isEqualTo(202);
        }

        @Test
        void refusesAKeyThatIsTooLong() throws Exception {
            description.assertProblem(
                    server.ask(VERIFY, "Idempotency-Key", "k".repeat(256)), 400, "malformed-request", "USAGE");
        }
    }

    @Nested
    class Refusing {
        @Test
        void namesTheGateThatRefused() throws Exception {
            control.refuse(Fault.about(FaultCode.GATE_REFUSED, "tx.longest", "a transaction runs for 212 s"));

            HttpResponse<String> answer = server.ask(CUTOVER);

            description.assertProblem(answer, 409, "gate-refused", "GATE_REFUSED");
            assertThat(LiveServer.json(answer).path("gate").asText()).isEqualTo("tx.longest");
            assertThat(LiveServer.json(answer).path("retryable").asBoolean()).isFalse();
            assertThat(LiveServer.json(answer).path("fix").asText()).contains("viridian gates");
        }

        @Test
        void tellsOfAnotherOperationInTheWay() throws Exception {
            control.refuse(Fault.about(FaultCode.CONFLICT, "op-1", "a cutover is running"));

            description.assertProblem(server.ask(CUTOVER), 409, "conflict", "CONFLICT");
        }

        @Test
        void tellsThatTheStateDoesNotAllowIt() throws Exception {
            control.refuse(Fault.about(FaultCode.USAGE, "rollback", "blue owns the writes"));

            description.assertProblem(server.ask("{\"type\":\"rollback\"}"), 409, "not-possible-now", "USAGE");
        }

        @Test
        void tellsWhatIsWrongAboutTheRequest() throws Exception {
            control.refuse(Fault.about(FaultCode.USAGE, "gate", "there is no gate 'moon'; the nearest is lag.seconds"));

            description.assertProblem(server.ask("{\"type\":\"override\",\"gate\":\"moon\"}"), 400, "usage", "USAGE");
        }

        @Test
        void tellsOfAGateThatCannotBeOverridden() throws Exception {
            control.refuse(Fault.about(FaultCode.GATE_REFUSED, "verify.clean", "it can never be overridden"));

            HttpResponse<String> answer = server.ask("{\"type\":\"override\",\"gate\":\"verify.clean\"}");

            description.assertProblem(answer, 409, "gate-refused", "GATE_REFUSED");
            assertThat(LiveServer.json(answer).path("gate").asText()).isEqualTo("verify.clean");
        }

        @Test
        void carriesTheServersSqlState() throws Exception {
            control.refuse(new Fault(FaultCode.BLUE_FAILED, "disk full", "blue", "53100"));

            HttpResponse<String> answer = server.ask(CUTOVER);

            description.assertProblem(answer, 502, "blue-failed", "BLUE_FAILED");
            assertThat(LiveServer.json(answer).path("sqlstate").asText()).isEqualTo("53100");
        }

        @ParameterizedTest
        @ValueSource(strings = {"repair", "tune"})
        void saysNotYetForWhatTheContractNamesAndNothingStandsBehind(String type) throws Exception {
            description.assertProblem(server.ask("{\"type\": \"%s\"}".formatted(type)), 501, "not-yet", "NOT_YET");
        }

        @Test
        void saysOfALevelThatItIsNotKnownOrNotBuilt() throws Exception {
            HttpResponse<String> unknown = server.ask("{\"type\":\"verify\",\"level\":\"bogus\"}");
            description.assertProblem(unknown, 400, "malformed-request", "USAGE");
            assertThat(unknown.body()).contains("bogus", "basic, standard, rigorous or forensic");
            for (String level : List.of("rigorous", "forensic")) {
                HttpResponse<String> answer = server.ask("{\"type\":\"verify\",\"level\":\"%s\"}".formatted(level));
                description.assertProblem(answer, 501, "not-yet", "NOT_YET");
                assertThat(answer.body()).contains(level, "standard compares every row");
            }
        }

        @Test
        void refusesAnUnknownTypeAndNamesTheKnown() throws Exception {
            for (String body : List.of("{\"type\":\"explode\"}", "{}", "{\"type\":7}")) {
                HttpResponse<String> answer = server.ask(body);
                description.assertProblem(answer, 400, "unknown-operation-type", "USAGE");
                assertThat(answer.body()).contains("cutover rollback verify");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "{",
                    "[]",
                    "\"cutover\"",
                    "{\"type\":\"verify\"} {}",
                    "{\"type\":\"verify\",\"type\":\"abort\"}",
                    "{\"type\":\"verify\",\"colour\":\"green\"}",
                    "{\"type\":\"verify\",\"table\":[\"a\"]}",
                    "{\"type\":\"verify\",\"reason\":{}}"
                })
        void refusesABodyItDoesNotUnderstand(String body) throws Exception {
            description.assertProblem(server.ask(body), 400, "malformed-request", "USAGE");
            assertThat(control.operations(1)).isEmpty();
        }

        @Test
        void refusesABodyThatIsNotDeclaredAsJson() throws Exception {
            HttpResponse<String> answer = server.send(server.request("/v1/migrations/shop-v2/operations")
                    .header("Authorization", "Bearer " + server.token())
                    .header("Content-Type", "text/plain")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(VERIFY)));

            description.assertProblem(answer, 415, "body-not-json", "USAGE");
        }

        @Test
        void refusesABodyThatIsTooLarge() throws Exception {
            String large = "{\"type\":\"verify\",\"reason\":\"" + "x".repeat(Routes.LARGEST_BODY) + "\"}";

            description.assertProblem(server.ask(large), 413, "body-too-large", "USAGE");
        }

        @Test
        void knowsNoOperationThatNobodyAskedFor() throws Exception {
            description.assertProblem(
                    server.get("/v1/migrations/shop-v2/operations/op-9?wait=10s"), 404, "unknown-operation", "USAGE");
        }
    }

    @Nested
    class Tokens {
        @Test
        void changesNothingWithoutAToken() throws Exception {
            HttpResponse<String> answer = server.send(server.posting(VERIFY));

            description.assertProblem(answer, 401, "token-missing", "NOT_ALLOWED");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(control.operations(1)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"Bearer wrong", "Bearer ", "Basic YWRtaW46eA==", "viridian_x"})
        void refusesAWrongTokenEvenForReading(String authorization) throws Exception {
            description.assertProblem(
                    server.send(server.posting(VERIFY).header("Authorization", authorization)),
                    401,
                    "token-refused",
                    "NOT_ALLOWED");
            description.assertProblem(
                    server.send(server.request("/v1/migrations").header("Authorization", authorization)),
                    401,
                    "token-refused",
                    "NOT_ALLOWED");
        }

        @Test
        void demandsATokenOfThoseWhoComeThroughAProxy() throws Exception {
            description.assertProblem(
                    server.send(server.request("/v1/migrations").header("X-Forwarded-For", "192.0.2.7")),
                    401,
                    "token-missing",
                    "NOT_ALLOWED");
        }

        @Test
        void ranksTheRolesAsTheContractDoes() {
            assertThat(Role.values())
                    .containsExactly(Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.RESPONDER, Role.ADMIN);
            assertThat(OperationAnswers.roleFor(Operation.Type.CUTOVER)).isEqualTo(Role.APPROVER);
            assertThat(OperationAnswers.roleFor(Operation.Type.ABORT)).isEqualTo(Role.RESPONDER);
            assertThat(OperationAnswers.roleFor(Operation.Type.ROLLBACK)).isEqualTo(Role.RESPONDER);
            assertThat(Role.APPROVER.covers(Role.OPERATOR)).isTrue();
            assertThat(Role.APPROVER.covers(Role.RESPONDER)).isFalse();
        }
    }
}
