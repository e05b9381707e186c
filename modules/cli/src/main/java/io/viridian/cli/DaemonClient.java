package io.viridian.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Talks to one daemon; every call has an end. Not for several threads. */
final class DaemonClient implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final URI address;
    private final Optional<Path> tokenFile;
    private final Optional<String> expected;
    private final HttpClient http;
    private Optional<String> migration = Optional.empty();

    /**
     * Makes a client that has not connected yet.
     *
     * @param expected the migration that the configuration names; another one at this address is refused
     */
    DaemonClient(URI address, Optional<Path> tokenFile, Optional<String> expected, Surroundings around) {
        this.address = address;
        this.tokenFile = tokenFile;
        this.expected = expected;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_WITHIN)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** An answer that was no refusal. */
    record Answer(JsonNode json, Optional<String> etag) {}

    /** The migration that runs there. */
    String migration() throws InterruptedException {
        if (migration.isEmpty()) {
            String found =
                    get("/v1/migrations").json().at("/migrations/0/migration").asText();
            if (expected.isPresent() && !expected.get().equals(found)) {
                throw new Failure(
                        ExitCode.USAGE,
                        "USAGE: the daemon at %s runs %s, the configuration says %s"
                                .formatted(address, found, expected.get()),
                        "Name the other daemon with --server, or the other configuration with -c.");
            }
            migration = Optional.of(found);
        }
        return migration.get();
    }

    /** A path below the migration. */
    Answer read(String path) throws InterruptedException {
        return get("/v1/migrations/" + migration() + path);
    }

    Answer get(String path) throws InterruptedException {
        return get(path, ANSWER_WITHIN);
    }

    Answer get(String path, Duration within) throws InterruptedException {
        return answer(send(request(path).timeout(within).GET(), BodyHandlers.ofString()));
    }

    /** Sends a body below the migration. */
    Answer post(String path, String body, Map<String, String> headers) throws InterruptedException {
        HttpRequest.Builder request = request("/v1/migrations/" + migration() + path)
                .timeout(ANSWER_WITHIN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return answer(send(request, BodyHandlers.ofString()));
    }

    /** The event stream, from after that event on; ends when the daemon goes away. */
    InputStream stream(long after) throws InterruptedException {
        HttpRequest.Builder request = request("/v1/migrations/" + migration() + "/stream")
                .header("Last-Event-ID", Long.toString(after))
                .GET();
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            throw refused(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw away(e);
        }
    }

    URI address() {
        return address;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address.toString().replaceFirst("/+$", "") + path));
    }

    /** Read anew for every request: a daemon that starts again writes a new one. */
    private Optional<String> token() {
        if (tokenFile.isEmpty() || !Files.isReadable(tokenFile.get())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(tokenFile.get()).strip()).filter(token -> !token.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Refused with a token that is another one meanwhile, it is sent again: the daemon started in between. */
    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) throws InterruptedException {
        Optional<String> token = token();
        try {
            while (true) {
                token.ifPresent(text -> request.setHeader("Authorization", "Bearer " + text));
                HttpResponse<T> response = http.send(request.build(), handler);
                Optional<String> standing = token();
                if (response.statusCode() != 401 || standing.isEmpty() || standing.equals(token)) {
                    return response;
                }
                token = standing;
            }
        } catch (IOException e) {
            throw away(e);
        }
    }

    private Answer answer(HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            throw refused(response.statusCode(), response.body());
        }
        return new Answer(json(response.body()), response.headers().firstValue("ETag"));
    }

    private RuntimeException refused(int status, String body) {
        Failure failure = ProblemText.failure(status, body);
        if (ProblemText.comesOrGoes(body)) {
            return new Away(failure.what(), true);
        }
        if (status != 401 || token().isPresent()) {
            return failure;
        }
        return new Failure(
                failure.exit(),
                failure.what(),
                tokenFile
                        .map(file ->
                                "No token can be read from %s; name another file with --token-file.".formatted(file))
                        .orElse("Name the token file with --token-file, or the configuration with -c."));
    }

    private Away away(IOException failure) {
        String why = switch (failure) {
            case HttpConnectTimeoutException _ -> "no connection within " + CONNECT_WITHIN.toSeconds() + " s";
            case HttpTimeoutException _ -> "no answer in time";
            case ConnectException _ -> "connection refused";
            default -> String.valueOf(failure.getMessage());
        };
        return new Away(
                "TIMED_OUT: no daemon answers at %s (%s)".formatted(address, why), failure instanceof ConnectException);
    }

    private static JsonNode json(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    /** Nobody answered. */
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean neverReached;

        Away(String what, boolean neverReached) {
            super(what);
            this.neverReached = neverReached;
        }

        /** Whether the request surely did not arrive. */
        boolean neverReached() {
            return neverReached;
        }

        Failure asFailure() {
            return new Failure(
                    ExitCode.TIMED_OUT,
                    String.valueOf(getMessage()),
                    "Start it with `viridian run`, or name its address with --server.");
        }
    }
}
