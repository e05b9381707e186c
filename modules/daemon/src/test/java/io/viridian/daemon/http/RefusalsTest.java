package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {
    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path state) throws Exception {
        server = LiveServer.of(
                new HttpServer(control, LiveServer.settings(state, 0), LiveServer.registry(), Clock.system())
                        .patience(Duration.ofSeconds(10), Duration.ofMillis(200)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/v1", "/v1/migrations/shop-v2/nothing", "/v1/migrations/shop-v2/plan/lunch"})
    void knowsNoOtherPath(String path) throws Exception {
        description.assertProblem(server.get(path), 404, "unknown-path", "USAGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/tables", "/gates", "/events", "/certificate", "/plan/cutover", "/operations/op-1"})
    void knowsNoOtherMigration(String path) throws Exception {
        HttpResponse<String> answer = server.get("/v1/migrations/other" + path);

        description.assertProblem(answer, 404, "unknown-migration", "USAGE");
        assertThat(answer.body()).contains("shop-v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PUT", "PATCH", "OPTIONS"})
    void tellsWhichMethodsAPathHas(String method) throws Exception {
        HttpResponse<String> answer = server.send(server.request("/v1/migrations/shop-v2/operations")
                .method(method, HttpRequest.BodyPublishers.noBody()));

        description.assertProblem(answer, 405, "method-not-allowed", "USAGE");
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"since=-1", "since=x", "since=", "limit=0", "limit=1001"})
    void refusesNumbersThatAreNone(String query) throws Exception {
        description.assertProblem(
                server.get("/v1/migrations/shop-v2/events?" + query), 400, "malformed-request", "USAGE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"shop.example", "shop.example:7080", "127.0.0.1.shop.example", "192.0.2.7", "[2001:db8::1]:80"})
    void servesNoNameThatAWebPageCouldPointHere(String host) throws IOException {
        assertThat(raw("GET /v1/migrations HTTP/1.1\nHost: " + host + "\nConnection: close\n\n"))
                .startsWith("HTTP/1.1 421")
                .contains("urn:viridian:problem:host-refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9", "127.0.0.1", "127.1.2.3:80", "[::1]:7080", "blue.localhost"})
    void servesEveryNameOfLoopback(String host) throws IOException {
        assertThat(raw("GET /v1/migrations HTTP/1.1\nHost: " + host + "\nConnection: close\n\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesPathsAndHeadersWithoutEnd() throws IOException {
        assertThat(raw("GET /" + "a".repeat(5_000) + " HTTP/1.1\nHost: localhost\n\n"))
                .contains(" 414 ")
                .contains("path-too-long");
        assertThat(raw("GET / HTTP/1.1\nHost: localhost\nX-Long: " + "a".repeat(20_000) + "\n\n"))
                .contains(" 431 ")
                .contains("headers-too-large");
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        assertThat(raw("GET / JUNK/9\n\n")).contains("malformed-request");
    }

    @Test
    void refusesAPathThatCannotBeDecoded() throws IOException {
        for (String path : List.of("/v1/migrations/%zz", "/v1/migrations?a=%zz", "/%")) {
            assertThat(raw("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n"))
                    .startsWith("HTTP/1.1 400")
                    .contains("malformed-request");
        }
    }

    @Test
    void hangsUpOnWhoeverConnectsAndAsksNothing() throws IOException {
        try (RawClient silent = new RawClient(server.port())) {
            assertThat(silent.readToTheEnd()).isEmpty();
        }
        try (RawClient dawdling = new RawClient(server.port())) {
            assertThat(dawdling.send("GET / HT").readToTheEnd()).isEmpty();
        }
    }

    @Test
    void doesNotWaitForABodyThatDoesNotCome() throws IOException {
        String head = "POST /v1/migrations/shop-v2/operations HTTP/1.1\nHost: localhost\nContent-Length: 99\n"
                + "Content-Type: application/json\n\n{\"type\"";

        assertThat(raw(head)).startsWith("HTTP/1.1 408").contains("body-too-slow");
    }

    @Test
    void keepsAnsweringTheConnectionThatAsked() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /livez HTTP/1.1\nHost: localhost\n\n").readUntil("alive");
            new Waiter().await(Duration.ofMillis(400));

            assertThat(client.send("GET /livez HTTP/1.1\nHost: localhost\n\n").readUntil("alive"))
                    .contains("HTTP/1.1 200");
        }
    }

    @Test
    void turnsEveryFaultIntoAProblemWithItsCodeAndRemedy() throws Exception {
        for (FaultCode code : FaultCode.values()) {
            control.fallSilent(
                    Fault.about(code, "public.items", "it went wrong").asException());

            HttpResponse<String> answer = server.get("/v1/migrations/shop-v2");

            description.assertProblem(
                    answer,
                    answer.statusCode(),
                    code.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    code.name());
            assertThat(answer.statusCode()).isBetween(400, 504);
            assertThat(LiveServer.json(answer).path("fix").asText()).isEqualTo(code.remedy());
            assertThat(LiveServer.json(answer).path("object").asText()).isEqualTo("public.items");
        }
    }

    @Test
    void groupsFaultsAsTheExitCodesDo() {
        assertThat(Problem.of(Fault.of(FaultCode.NOT_YET, "")).status()).isEqualTo(501);
        assertThat(Problem.of(Fault.of(FaultCode.CONFLICT, "")).status()).isEqualTo(409);
        assertThat(Problem.of(Fault.of(FaultCode.NOT_ALLOWED, "")).status()).isEqualTo(403);
        assertThat(Problem.of(Fault.of(FaultCode.BLUE_UNREACHABLE, "")).status())
                .isEqualTo(503);
        assertThat(Problem.of(Fault.of(FaultCode.GREEN_REFUSED, "")).status()).isEqualTo(502);
        assertThat(Problem.of(Fault.of(FaultCode.TIMED_OUT, "")).status()).isEqualTo(504);
        assertThat(Problem.of(Fault.of(FaultCode.BUG, "")).status()).isEqualTo(500);
    }

    @Test
    void saysWhenItDoesNotKnow() throws Exception {
        control.fallSilent(new Ambiguity("the answer to the commit was lost", new IOException("reset")));

        description.assertProblem(server.get("/v1/migrations/shop-v2"), 503, "outcome-unknown", "OUTCOME_UNKNOWN");
    }

    @Test
    void asksToReportABug() throws Exception {
        control.fallSilent(new IllegalStateException("no turn after Final"));

        HttpResponse<String> answer = server.get("/v1/migrations/shop-v2");

        description.assertProblem(answer, 500, "bug", "BUG");
        assertThat(answer.body()).contains("no turn after Final");
    }

    private String raw(String request) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            return client.send(request).readToTheEnd();
        }
    }
}
