package io.viridian.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The panel of a daemon in another process, by its HTTP API. For the test's thread. */
final class HttpPanel implements Panel {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Tests ask in a tight loop; the daemon has better things to do. */
    private static final Duration FRESH_FOR = Duration.ofMillis(25);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Precondition failed: the ETag is not the current one. */
    private static final int STALE = 412;

    private static final int LOOKS_AGAIN = 5;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String base;
    private final Path token;
    private @Nullable JsonNode status;
    private String etag = "";
    private long readNanos;

    HttpPanel(String address, String migration, Path token) {
        this.base = address + "/v1/migrations/" + migration;
        this.token = token;
    }

    private JsonNode status() {
        JsonNode known = status;
        if (known != null && System.nanoTime() - readNanos < FRESH_FOR.toNanos()) {
            return known;
        }
        HttpResponse<String> answer = send(request(""));
        etag = answer.headers().firstValue("ETag").orElse("");
        readNanos = System.nanoTime();
        JsonNode read = demand(answer);
        status = read;
        return read;
    }

    @Override
    public StateName state() {
        return StateName.valueOf(status().path("state").asText());
    }

    @Override
    public String verification() {
        return status().path("verification").asText();
    }

    @Override
    public String fault() {
        JsonNode fault = status().path("fault");
        return fault.isMissingNode() || fault.isNull() ? "" : fault.toString();
    }

    /** What happened between looking and asking is no reason not to ask: looks again, a few times. */
    @Override
    public Asked submit(Operation.Type type, Map<String, String> parameters) {
        ObjectNode body = JSON.createObjectNode().put("type", type.text()).put("reason", "test");
        parameters.forEach(body::put);
        HttpResponse<String> answer = submit(body);
        for (int again = 0; answer.statusCode() == STALE && again < LOOKS_AGAIN; again++) {
            answer = submit(body);
        }
        return asked(demand(answer));
    }

    private HttpResponse<String> submit(ObjectNode body) {
        status = null;
        status();
        return send(request("/operations")
                .header("Content-Type", "application/json")
                .header("If-Match", etag)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    @Override
    public Optional<Asked> find(String id) {
        HttpResponse<String> answer = send(request("/operations/" + id + "?wait=50ms"));
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(asked(demand(answer)));
    }

    private static Asked asked(JsonNode operation) {
        Map<String, String> result = new HashMap<>();
        operation
                .path("result")
                .properties()
                .forEach(entry -> result.put(entry.getKey(), entry.getValue().asText()));
        return new Asked(
                operation.path("id").asText(),
                Operation.Type.valueOf(operation.path("type").asText().toUpperCase(Locale.ROOT)),
                Operation.Status.valueOf(operation.path("status").asText()),
                result);
    }

    /** What the API answers below the migration. */
    JsonNode read(String path) {
        return demand(send(request(path)));
    }

    /** The ids of the event stream, so many after an event. */
    List<Long> streamed(long after, int many) throws IOException, InterruptedException {
        HttpRequest request =
                request("/stream").header("Last-Event-ID", Long.toString(after)).build();
        try (Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
            return lines.filter(line -> line.startsWith("id: "))
                    .limit(many)
                    .map(line -> Long.valueOf(line.substring("id: ".length())))
                    .toList();
        }
    }

    private HttpRequest.Builder request(String path) {
        try {
            return HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + Files.readString(token).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw Fault.of(FaultCode.TIMED_OUT, "the daemon does not answer: " + e)
                    .asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.TIMED_OUT, "interrupted").asException(e);
        }
    }

    /** A refusal as the fault that it tells of. */
    private static JsonNode demand(HttpResponse<String> answer) {
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() < 300) {
                return json;
            }
            throw refusal(json);
        } catch (IOException e) {
            throw new UncheckedIOException(answer.body(), e);
        }
    }

    private static FaultException refusal(JsonNode problem) {
        return new Fault(
                        FaultCode.valueOf(problem.path("code").asText()),
                        problem.path("detail").asText(),
                        problem.path("object").asText(""),
                        problem.path("sqlstate").asText(""))
                .asException();
    }
}
