package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.time.Clock;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbesTest {
    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private final AtomicBoolean leads = new AtomicBoolean(true);
    private final PrometheusMeterRegistry registry = LiveServer.registry();
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path state) throws Exception {
        server = LiveServer.of(new HttpServer(control, LiveServer.settings(state, 0), registry, Clock.system())
                .readiness(() -> leads.get() ? Optional.empty() : Optional.of("another daemon leads"))
                .beforeScrape(() -> registry.counter("viridian.scrapes").increment()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void livesWhateverTheControlDoes() throws Exception {
        control.fallSilent(new IllegalStateException("broken"));

        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
        assertThat(server.get("/livez").body()).isEqualTo("alive\n");
    }

    @Test
    void isReadyWhenTheControlAnswers() throws Exception {
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyAndSaysWhyUntilTheDaemonLeads() throws Exception {
        leads.set(false);

        HttpResponse<String> answer = server.get("/readyz");

        description.assertProblem(answer, 503, "not-ready", "TIMED_OUT");
        assertThat(answer.body()).contains("another daemon leads");
    }

    @Test
    void isNotReadyAndSaysWhyWhileTheControlDoesNotAnswer() throws Exception {
        control.fallSilent(Fault.of(FaultCode.HELD_BY_ANOTHER, "b holds it").asException());

        HttpResponse<String> answer = server.get("/readyz");

        description.assertProblem(answer, 503, "not-ready", "TIMED_OUT");
        assertThat(answer.body()).contains("HELD_BY_ANOTHER: b holds it");
    }

    @Test
    void bringsTheMetricsUpToDateBeforeItShowsThem() throws Exception {
        server.get("/livez");

        HttpResponse<String> metrics = server.get("/metrics");

        assertThat(metrics.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(metrics.body())
                .contains("viridian_scrapes_total 1.0")
                .contains(
                        "viridian_http_server_requests_seconds_count{method=\"GET\",route=\"/livez\",status=\"200\"} 1");
    }

    @Test
    void countsUnknownPathsAndMethodsTogether() throws Exception {
        server.get("/a");
        server.get("/b");
        server.send(server.request("/c").method("BREW", HttpRequest.BodyPublishers.noBody()));

        assertThat(server.get("/metrics").body())
                .contains("requests_seconds_count{method=\"GET\",route=\"unknown\",status=\"404\"} 2")
                .contains("requests_seconds_count{method=\"OTHER\",route=\"unknown\",status=\"404\"} 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void routesToTheSideThatOwnsTheWrites(String method) throws Exception {
        assertThat(route("blue", method)).isEqualTo(200);
        assertThat(route("green", method)).isEqualTo(503);

        control.show(Samples.in("SWITCHED", "", "green"));
        assertThat(route("blue", method)).isEqualTo(503);
        assertThat(route("green", method)).isEqualTo(200);

        control.show(Samples.in("CUTTING_OVER", "COMMIT", "none"));
        assertThat(route("blue", method)).isEqualTo(503);
        assertThat(route("green", method)).isEqualTo(503);
    }

    @Test
    void routesNowhereElse() throws Exception {
        description.assertProblem(server.get("/route/shop-v2/write/red"), 404, "unknown-path", "USAGE");
        description.assertProblem(server.get("/route/other/write/blue"), 404, "unknown-migration", "USAGE");
    }

    @Test
    void answersAHealthCheckThatSpeaksTheOldestHttp() throws Exception {
        try (RawClient haproxy = new RawClient(server.port())) {
            assertThat(haproxy.send("OPTIONS /route/shop-v2/write/blue HTTP/1.0\n\n")
                            .readToTheEnd())
                    .startsWith("HTTP/1.0 200");
        }
    }

    @Test
    void servesItsOwnDescription() throws Exception {
        HttpResponse<String> answer = server.get("/openapi.yaml");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(answer.body()).startsWith("openapi: 3.1.");
    }

    private int route(String side, String method) throws Exception {
        return server.send(server.request("/route/shop-v2/write/" + side)
                        .method(method, HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }
}
