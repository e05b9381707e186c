package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.time.Clock;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingTest {
    private static final String PATH = "/v1/migrations/shop-v2/operations/op-1";

    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path state) throws Exception {
        server = LiveServer.of(control, state);
        server.ask("{\"type\":\"cutover\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersAsSoonAsTheOperationHasEnded() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting =
                server.client().sendAsync(server.request(PATH + "?wait=60s").build(), BodyHandlers.ofString());
        control.awaitLookUp(LiveServer.PATIENCE);

        control.become(finished(Operation.Status.UNDONE));

        HttpResponse<String> answer = waiting.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(LiveServer.json(answer).path("status").asText()).isEqualTo("UNDONE");
    }

    @Test
    void showsTheOperationAsItIsWhenTheWaitIsOver() throws Exception {
        long began = Clock.system().nanoTime();

        HttpResponse<String> answer = server.get(PATH + "?wait=100ms");

        assertThat(LiveServer.json(answer).path("status").asText()).isEqualTo("PENDING");
        assertThat(Clock.system().since(began)).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void goesOnWaitingWhileTheOutcomeIsBeingFoundOut() throws Exception {
        control.become(finished(Operation.Status.UNKNOWN));

        assertThat(LiveServer.json(server.get(PATH + "?wait=60ms"))
                        .path("status")
                        .asText())
                .isEqualTo("UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "soon", "-1s", ""})
    void refusesAWaitThatIsNoDuration(String wait) throws Exception {
        description.assertProblem(server.get(PATH + "?wait=" + wait), 400, "malformed-request", "USAGE");
    }

    @Test
    void boundsTheWaitAtAMinute() {
        assertThat(OperationAnswers.LONGEST_WAIT).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void doesNotKeepAClosingServerWaiting() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting =
                server.client().sendAsync(server.request(PATH + "?wait=60s").build(), BodyHandlers.ofString());
        control.awaitLookUp(LiveServer.PATIENCE);
        long began = Clock.system().nanoTime();

        server.stopServing();

        assertThat(Clock.system().since(began)).isLessThan(Duration.ofSeconds(10));
        assertThat(waiting.get(LiveServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .body())
                .contains("PENDING");
    }

    private Operation finished(Operation.Status status) {
        return control.operation("op-1")
                .orElseThrow()
                .running(Samples.NOW)
                .finished(status, Map.of("code", "BUDGET_EXCEEDED"), Samples.LATER);
    }
}
