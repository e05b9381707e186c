package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTest {
    private static final String PATH = "/v1/migrations/shop-v2/stream";

    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path state) throws Exception {
        server = LiveServer.of(
                new HttpServer(control, LiveServer.settings(state, 0), LiveServer.registry(), Clock.system())
                        .patience(Duration.ofMillis(300), Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tellsWhatHappenedAndThenWhatHappens() throws Exception {
        control.happen("state.changed", "one");
        try (BufferedReader stream = open(server.request(PATH))) {
            assertThat(next(stream)).containsExactly("id: 1", data(1, "one"));

            control.happen("state.changed", "two");

            assertThat(next(stream)).containsExactly("id: 2", data(2, "two"));
        }
    }

    @Test
    void goesOnAfterTheLastEventTheClientHasSeen() throws Exception {
        control.happen("state.changed", "one");
        control.happen("state.changed", "two");
        control.happen("state.changed", "three");

        try (BufferedReader stream = open(server.request(PATH).header("Last-Event-ID", "2"))) {
            assertThat(next(stream)).containsExactly("id: 3", data(3, "three"));
        }
        try (BufferedReader stream = open(server.request(PATH + "?since=1"))) {
            assertThat(next(stream)).containsExactly("id: 2", data(2, "two"));
        }
    }

    @Test
    void beginsAnewForAListenerThatKnowsEventsWhichNeverWere() throws Exception {
        control.happen("state.changed", "one");

        try (BufferedReader stream = open(server.request(PATH).header("Last-Event-ID", "57"))) {
            assertThat(next(stream)).containsExactly("id: 1", data(1, "one"));
        }
    }

    @Test
    void sendsEventsAsTheApiDescribesThem() throws Exception {
        control.happen("operation.finished", "a line\nand another");
        try (BufferedReader stream = open(server.request(PATH))) {
            JsonNode event = new ObjectMapper().readTree(next(stream).get(1).substring("data: ".length()));

            description.assertValid("Event", event);
            assertThat(event.path("text").asText()).isEqualTo("a line\nand another");
        }
    }

    @Test
    void refusesALastEventIdThatIsNoNumber() throws Exception {
        description.assertProblem(
                server.send(server.request(PATH).header("Last-Event-ID", "x")), 400, "malformed-request", "USAGE");
        description.assertProblem(server.get(PATH + "?since=x"), 400, "malformed-request", "USAGE");
    }

    @Test
    void refusesAnotherMigrationAndAnotherMethod() throws Exception {
        description.assertProblem(server.get("/v1/migrations/other/stream"), 404, "unknown-migration", "USAGE");
        description.assertProblem(server.send(server.request(PATH).DELETE()), 405, "method-not-allowed", "USAGE");
    }

    @Test
    void endsWhenTheControlFallsSilentSoThatTheClientComesBack() throws Exception {
        try (BufferedReader stream = open(server.request(PATH))) {
            control.fallSilent(Fault.of(FaultCode.HELD_BY_ANOTHER, "b holds it").asException());

            assertThat(stream.lines().filter(line -> line.startsWith("id:"))).isEmpty();
        }
    }

    @Test
    void endsWhenTheServerCloses() throws Exception {
        try (BufferedReader stream = open(server.request(PATH))) {
            server.stopServing();

            assertThat(stream.lines().filter(line -> line.startsWith("id:"))).isEmpty();
        }
    }

    @Test
    void cutsOffAListenerThatTakesNothing() throws Exception {
        for (int i = 0; i < 200; i++) {
            control.happen("noise", "x".repeat(100_000));
        }
        try (RawClient sleeper = new RawClient(server.port())) {
            sleeper.send("GET " + PATH + " HTTP/1.1\nHost: localhost\n\n").readUntil("retry");
            new io.viridian.time.Waiter().await(Duration.ofSeconds(1));

            assertThat(sleeper.readToTheEnd().length()).isLessThan(200 * 100_000);
        }
    }

    private BufferedReader open(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<java.io.InputStream> response =
                server.client().send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        BufferedReader reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        assertThat(next(reader)).containsExactly("retry: 2000");
        return reader;
    }

    private static List<String> next(BufferedReader stream) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = stream.readLine(); line != null && !line.isEmpty(); line = stream.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private static String data(int number, String text) {
        return "data: {\"number\":%d,\"at\":\"2026-12-01T02:00:00Z\",\"type\":\"state.changed\",\"text\":\"%s\"}"
                .formatted(number, text);
    }
}
