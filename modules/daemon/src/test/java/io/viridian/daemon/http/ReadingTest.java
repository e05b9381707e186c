package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.migration.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingTest {
    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path state) throws Exception {
        server = LiveServer.of(control, state);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsTheOneMigrationOfTheDaemon() throws Exception {
        JsonNode list = LiveServer.json(server.get("/v1/migrations"));

        description.assertValid("Migrations", list);
        assertThat(list.at("/migrations/0/migration").asText()).isEqualTo("shop-v2");
        assertThat(list.at("/migrations/0/state").asText()).isEqualTo("READY");
    }

    @Test
    void showsTheStatusWithTheFieldsOfTheContract() throws Exception {
        JsonNode status = server.read("");

        description.assertValid("Status", status);
        assertThat(status.fieldNames())
                .toIterable()
                .contains(
                        "migration",
                        "state",
                        "step",
                        "owner",
                        "lag",
                        "backfill",
                        "verification",
                        "rollback",
                        "gates",
                        "allowedActions",
                        "next");
        assertThat(status.path("state").asText()).isEqualTo("READY");
        assertThat(status.path("step").isNull()).isTrue();
        assertThat(status.path("owner").asText()).isEqualTo("blue");
        assertThat(status.at("/lag/seconds").asDouble()).isEqualTo(0.25);
        assertThat(status.at("/lag/bytes").asLong()).isEqualTo(1_900_000);
        assertThat(status.at("/backfill/total_bytes").asLong()).isEqualTo(2_000_000_000L);
        assertThat(status.at("/backfill/eta").isNull()).isTrue();
        assertThat(status.path("verification").asText()).isEqualTo("clean");
        assertThat(status.path("verification_age_seconds").asDouble()).isEqualTo(1560);
        assertThat(status.at("/allowedActions/1/reason").asText()).isEqualTo("blue owns the writes");
        assertThat(status.at("/gates/0/status").asText()).isEqualTo("passing");
    }

    @Test
    void showsWhatIsNotKnownAsNull() throws Exception {
        control.show(Samples.backfilling());

        JsonNode status = server.read("");

        description.assertValid("Status", status);
        assertThat(status.at("/lag/seconds").isNull()).isTrue();
        assertThat(status.at("/lag/bytes").isNull()).isTrue();
        assertThat(status.at("/backfill/eta").asDouble()).isEqualTo(95);
        assertThat(status.path("verification_age_seconds").isNull()).isTrue();
        assertThat(status.at("/flags/0").asText()).isEqualTo("throttled(replica-lag)");
    }

    @Test
    void showsTheStepTheFaultAndTheReverseLagWhenThereIsOne() throws Exception {
        control.show(Samples.halted());

        JsonNode status = server.read("");

        description.assertValid("Status", status);
        assertThat(status.at("/fault/code").asText()).isEqualTo("ROW_REFUSED");
        assertThat(status.at("/fault/sqlstate").asText()).isEqualTo("23514");
        assertThat(status.at("/reverse_lag/seconds").asDouble()).isEqualTo(1.5);
        control.show(Samples.in("CUTTING_OVER", "DRAIN", "blue"));
        assertThat(server.read("").path("step").asText()).isEqualTo("DRAIN");
    }

    @Test
    void tagsTheStatusWithItsVersion() throws Exception {
        assertThat(server.etag()).isEqualTo("\"v7\"");
    }

    @Test
    void showsTablesGatesAndPlans() throws Exception {
        control.show(Samples.failingGates());

        JsonNode tables = server.read("/tables");
        description.assertValid("Tables", tables);
        assertThat(tables.at("/tables/1/estimated_rows").asLong()).isEqualTo(2_000);

        JsonNode gates = server.read("/gates");
        description.assertValid("Gates", gates);
        assertThat(gates.at("/gates/1/status").asText()).isEqualTo("failed");
        assertThat(gates.at("/gates/1/hint").asText()).contains("4411");

        for (String what : List.of("migration", "cutover", "rollback", "finalize")) {
            JsonNode plan = server.read("/plan/" + what);
            description.assertValid("Plan", plan);
            assertThat(plan.path("plan").asText()).isEqualTo(what);
            assertThat(plan.at("/steps/0/statements/0").asText()).isEqualTo("lock table public.items");
        }
    }

    @Test
    void showsEventsAfterANumber() throws Exception {
        control.happen("state.changed", "NEW to PREFLIGHT");
        control.happen("state.changed", "PREFLIGHT to PREPARING");
        control.happen("state.changed", "PREPARING to BACKFILLING");

        JsonNode all = server.read("/events");
        description.assertValid("Events", all);
        assertThat(all.path("events")).hasSize(3);
        assertThat(all.path("last").asLong()).isEqualTo(3);

        JsonNode some = server.read("/events?since=1&limit=1");
        assertThat(some.at("/events/0/number").asLong()).isEqualTo(2);
        assertThat(some.path("last").asLong()).isEqualTo(2);

        assertThat(server.read("/events?since=3").path("last").asLong()).isEqualTo(3);
    }

    @Test
    void showsTheLastVerificationWithTheRowsThatDiffer() throws Exception {
        description.assertProblem(server.get("/v1/migrations/shop-v2/verification"), 404, "not-found-yet", "USAGE");
        control.verified(Samples.differingVerification());

        JsonNode verification = server.read("/verification");

        description.assertValid("Verification", verification);
        assertThat(verification.path("clean").asBoolean()).isFalse();
        assertThat(verification.at("/tables/0/differences/0/columns/0/expected").asText())
                .isEqualTo("1200");
        assertThat(verification.at("/tables/0/differences/1/kind").asText()).isEqualTo("missing");
    }

    @Test
    void showsTheCertificate() throws Exception {
        control.happen("state.changed", "NEW to PREFLIGHT");
        control.verified(Samples.cleanVerification());
        control.finishWith(Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "82"));
        server.ask("{\"type\": \"cutover\"}");

        JsonNode certificate = server.read("/certificate");

        description.assertValid("Certificate", certificate);
        assertThat(certificate.at("/operations/0/write_pause_ms").asInt()).isEqualTo(82);
        assertThat(certificate.at("/verification/clean").asBoolean()).isTrue();
    }

    @Test
    void answersHeadLikeGetWithoutABody() throws Exception {
        HttpResponse<String> head = server.send(
                server.request("/v1/migrations/shop-v2").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).contains("\"v7\"");
    }

    @Test
    void forbidsStoringFramingAndSniffingOfEveryAnswer() throws Exception {
        for (String path : List.of("/livez", "/v1/migrations", "/nowhere")) {
            HttpResponse<String> answer = server.get(path);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
            assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }
}
