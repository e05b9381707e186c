package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.viridian.time.Clock;
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
import java.util.Optional;

/** The real server on a free port, with a migration in memory behind it. */
public final class LiveServer implements AutoCloseable {
    /** Longer than anything here takes on a busy machine; a test that reaches it has failed. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private LiveServer(HttpServer server) {
        this.server = server;
    }

    public static LiveServer of(InMemoryControl control, Path stateDirectory) throws InterruptedException {
        return on(0, control, stateDirectory);
    }

    /** As a daemon that was started again on the same port. */
    public static LiveServer on(int port, InMemoryControl control, Path stateDirectory) throws InterruptedException {
        return of(new HttpServer(control, settings(stateDirectory, port), registry(), Clock.system()));
    }

    static LiveServer of(HttpServer server) throws InterruptedException {
        server.start();
        return new LiveServer(server);
    }

    static HttpSettings settings(Path stateDirectory, int port) {
        return new HttpSettings(Samples.MIGRATION, "127.0.0.1", port, stateDirectory, Optional.empty(), "9.9.9");
    }

    static PrometheusMeterRegistry registry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    public int port() {
        return server.port();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    public Path tokenFile() {
        return server.tokenFile();
    }

    String token() {
        try {
            return Files.readString(server.tokenFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** A path of the migration, read as JSON. */
    JsonNode read(String path) throws IOException, InterruptedException {
        return json(get("/v1/migrations/" + Samples.MIGRATION + path));
    }

    /** Asks for an operation with the admin token and the migration's ETag. */
    HttpResponse<String> ask(String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                posting(body).header("Authorization", "Bearer " + token()).header("If-Match", etag());
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** A request for an operation, without token and If-Match. */
    HttpRequest.Builder posting(String body) {
        return request("/v1/migrations/" + Samples.MIGRATION + "/operations")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    String etag() throws IOException, InterruptedException {
        return get("/v1/migrations/" + Samples.MIGRATION)
                .headers()
                .firstValue("ETag")
                .orElse("");
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpClient client() {
        return client;
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the server alone, so that its clients notice. */
    void stopServing() {
        server.close();
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }
}
