package io.viridian.daemon.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.cutover.hook.HookAction;
import io.viridian.cutover.hook.HookSubject;
import io.viridian.cutover.hook.HookVerdict;
import io.viridian.daemon.config.Threshold;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a Prometheus an instant query. Every value must be as it has to be; no data, NaN, an error and a server that
 * does not answer say nothing either way.
 */
final class PrometheusProbe implements HookAction {
    /** Thousands of series; a query for health answers one. */
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI query;
    private final Threshold healthy;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    PrometheusProbe(URI server, String query, Threshold healthy) {
        String base = server.toString();
        this.query = URI.create((base.endsWith("/") ? base : base + "/") + "api/v1/query?query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
        this.healthy = healthy;
    }

    @Override
    public HookVerdict ask(HookSubject subject, Duration timeout) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> pending = http.sendAsync(
                HttpRequest.newBuilder(query).GET().build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), ANSWER_BYTES_MAX));
        try {
            return verdict(
                    pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS).body());
        } catch (TimeoutException late) {
            return HookVerdict.unknown("Prometheus did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException failure) {
            return HookVerdict.unknown("Prometheus does not answer: " + failure.getCause());
        } catch (JsonProcessingException unreadable) {
            return HookVerdict.unknown("what answers is no Prometheus: " + unreadable.getOriginalMessage());
        } catch (IOException unreadable) {
            return HookVerdict.unknown("what Prometheus answers cannot be read: " + unreadable);
        } finally {
            pending.cancel(true);
        }
    }

    private HookVerdict verdict(String body) throws IOException {
        JsonNode answer = JSON.readTree(body);
        if (!answer.path("status").asText().equals("success")) {
            return HookVerdict.unknown(
                    "Prometheus answers with an error: " + answer.path("error").asText(body));
        }
        List<String> values = values(answer.path("data"));
        if (values.isEmpty()) {
            return HookVerdict.unknown("no data");
        }
        String said = String.join(", ", values) + " (healthy: " + healthy + ")";
        try {
            List<Double> numbers = values.stream().map(PrometheusProbe::number).toList();
            if (numbers.stream().anyMatch(number -> !number.isNaN() && !healthy.holds(number))) {
                return HookVerdict.refused(said);
            }
            return numbers.stream().anyMatch(number -> number.isNaN())
                    ? HookVerdict.unknown(said)
                    : HookVerdict.passed(said);
        } catch (NumberFormatException none) {
            return HookVerdict.unknown("no number: " + said);
        }
    }

    /** Of each series, or of the scalar, the text of the value. */
    private static List<String> values(JsonNode data) {
        List<String> values = new ArrayList<>();
        switch (data.path("resultType").asText()) {
            case "scalar" -> values.add(data.path("result").path(1).asText());
            case "vector" ->
                data.path("result")
                        .forEach(series ->
                                values.add(series.path("value").path(1).asText()));
            default -> values.clear();
        }
        return values;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
