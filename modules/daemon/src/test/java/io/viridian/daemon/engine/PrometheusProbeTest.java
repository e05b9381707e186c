package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.viridian.cutover.hook.HookSubject;
import io.viridian.cutover.hook.HookVerdict;
import io.viridian.cutover.hook.HookVerdict.Outcome;
import io.viridian.daemon.config.Threshold;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers in Prometheus' form; that a real one gives them is seen in the system tests. */
@Timeout(30)
final class PrometheusProbeTest {
    private static final HookSubject SUBJECT = new HookSubject("shop", "health", "health", "cutover", "", "b", "g");

    private final CountDownLatch silence = new CountDownLatch(1);
    private HttpServer server;
    private volatile String answer = "";
    private volatile String asked = "";
    private volatile boolean silent;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().toString();
            if (silent) {
                try {
                    silence.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.stop(0);
    }

    private HookVerdict ask(Duration timeout) throws InterruptedException {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prefix");
        return new PrometheusProbe(url, "sum(errors{a=\"b\"})", new Threshold(Threshold.Comparison.LESS, 0.01))
                .ask(SUBJECT, timeout);
    }

    private HookVerdict ask() throws InterruptedException {
        return ask(Duration.ofSeconds(10));
    }

    private void vector(String... values) {
        StringBuilder series = new StringBuilder();
        for (String value : values) {
            series.append(series.isEmpty() ? "" : ",")
                    .append("{\"metric\":{},\"value\":[1.5,\"")
                    .append(value)
                    .append("\"]}");
        }
        answer = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }

    @ParameterizedTest
    @CsvSource({"0.001,PASSED", "0,PASSED", "0.01,REFUSED", "3,REFUSED", "+Inf,REFUSED", "NaN,UNKNOWN", "soon,UNKNOWN"})
    void aValueIsComparedAndNaNSaysNothing(String value, Outcome outcome) throws InterruptedException {
        vector(value);
        assertThat(ask().outcome()).isEqualTo(outcome);
        assertThat(asked).isEqualTo("/prefix/api/v1/query?query=sum%28errors%7Ba%3D%22b%22%7D%29");
    }

    @Test
    void noDataSaysNothing() throws InterruptedException {
        vector();
        assertThat(ask()).isEqualTo(HookVerdict.unknown("no data"));
    }

    @Test
    void ofSeveralValuesTheWorstCounts() throws InterruptedException {
        vector("0.001", "0.5");
        assertThat(ask().outcome()).isEqualTo(Outcome.REFUSED);
        vector("0.001", "NaN");
        assertThat(ask().outcome()).isEqualTo(Outcome.UNKNOWN);
        vector("NaN", "0.5");
        assertThat(ask().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aScalarIsAValueToo() throws InterruptedException {
        answer = "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1.5,\"0.002\"]}}";
        assertThat(ask().passing()).isTrue();
    }

    @Test
    void anErrorAndWhatIsNoPrometheusSayNothing() throws InterruptedException {
        answer = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}";
        assertThat(ask()).isEqualTo(HookVerdict.unknown("Prometheus answers with an error: parse error"));
        answer = "<html>";
        assertThat(ask().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whoDoesNotAnswerSaysNothing() throws InterruptedException {
        silent = true;
        assertThat(ask(Duration.ofMillis(200)).said()).contains("did not answer within 200 ms");
        silence.countDown();
        server.stop(0);
        assertThat(ask().outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
