package io.viridian.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The daemon's HTTP API, as a script of the operator's would use it. One thread. */
final class DaemonApi implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(40);

    /** No operation of the demonstration takes a tenth of it. */
    private static final Duration OPERATION_MOST = Duration.ofMinutes(2);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);
    private static final int ACCEPTED = 202;
    private static final int STALE = 412;
    private static final int CONFLICT = 409;

    private static final Pattern STREAMED = Pattern.compile(
            "(?m)^viridian_apply_rows_total\\{[^}]*direction=\"(forward|reverse)\"[^}]*} ([0-9.eE+]+)$");

    private final URI address;
    private final Path tokenFile;
    private final String path;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT_WITHIN)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    DaemonApi(URI address, Path tokenFile, String migration, Clock clock) {
        this.address = address;
        this.tokenFile = tokenFile;
        this.path = "/v1/migrations/" + migration;
        this.clock = clock;
    }

    /** The migration at a moment. */
    record Status(JsonNode json, String etag) {
        String state() {
            return json.path("state").asText();
        }

        String owner() {
            return json.path("owner").asText();
        }

        String backfill() {
            JsonNode load = json.path("backfill");
            return "%s rows, %d of %d tables"
                    .formatted(
                            Narrator.count(load.path("rows").asLong()),
                            load.path("tables_done").asInt(),
                            load.path("tables").asInt());
        }

        long rowsCopied() {
            return json.path("backfill").path("rows").asLong();
        }

        Optional<String> fault() {
            JsonNode fault = json.path("fault");
            return fault.isObject()
                    ? Optional.of(fault.path("code").asText() + ": "
                            + fault.path("detail").asText())
                    : Optional.empty();
        }

        /** The gates that are not passing, or nothing. */
        Optional<String> closedGate() {
            for (JsonNode gate : json.path("gates")) {
                if (!gate.path("status").asText().equals("passing")) {
                    return Optional.of(
                            gate.path("id").asText() + " (" + gate.path("value").asText() + ")");
                }
            }
            return Optional.empty();
        }
    }

    /** An operation that has ended. */
    record Ended(JsonNode json) {
        boolean succeeded() {
            return json.path("status").asText().equals("SUCCEEDED");
        }

        String text(String key) {
            return json.path("result").path(key).asText("");
        }

        /** How long nobody could write, as the daemon measured it. */
        String writePause() {
            return json.path("write_pause_ms").asText("?") + " ms";
        }

        String why() {
            return json.path("status").asText() + " " + json.path("result");
        }
    }

    /** Empty while no daemon answers. */
    Optional<Status> status() throws InterruptedException {
        try {
            HttpResponse<String> response = send(request(path).GET());
            return response.statusCode() == 200
                    ? Optional.of(new Status(
                            json(response),
                            response.headers().firstValue("ETag").orElse("")))
                    : Optional.empty();
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    /** Rows applied by both streams so far. */
    long rowsStreamed() throws InterruptedException {
        try {
            Matcher matcher = STREAMED.matcher(send(request("/metrics").GET()).body());
            double rows = 0;
            while (matcher.find()) {
                rows += Double.parseDouble(matcher.group(2));
            }
            return (long) rows;
        } catch (IOException failure) {
            throw new Trouble("the daemon does not answer: " + failure, failure);
        }
    }

    /** Asks for the operation on the migration as it is now, and waits for its end. */
    Ended perform(String type) throws InterruptedException {
        Deadline by = Deadline.after(clock, OPERATION_MOST);
        try {
            HttpResponse<String> response = submit(type);
            while ((response.statusCode() == STALE || response.statusCode() == CONFLICT) && !by.expired()) {
                waiter.await(BETWEEN_ATTEMPTS);
                response = submit(type);
            }
            if (response.statusCode() != ACCEPTED) {
                throw new Trouble(type + " was refused: " + response.body());
            }
            return follow(json(response), by);
        } catch (IOException failure) {
            throw new Trouble("the daemon does not answer: " + failure, failure);
        }
    }

    private HttpResponse<String> submit(String type) throws IOException, InterruptedException {
        String etag = status().map(Status::etag).orElse("");
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("reason", "demonstration")
                .toString();
        return send(request(path + "/operations")
                .header("Content-Type", "application/json")
                .header("If-Match", etag)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Ended follow(JsonNode accepted, Deadline by) throws IOException, InterruptedException {
        JsonNode operation = accepted;
        String one = path + "/operations/" + accepted.path("id").asText();
        while (!isFinal(operation)) {
            if (by.expired()) {
                throw new Trouble(accepted.path("type").asText() + " does not end: " + operation);
            }
            operation = json(send(request(one + "?wait=20s").GET()));
        }
        return new Ended(operation);
    }

    private static boolean isFinal(JsonNode operation) {
        return switch (operation.path("status").asText()) {
            case "SUCCEEDED", "FAILED", "UNDONE", "CANCELLED" -> true;
            default -> false;
        };
    }

    private HttpRequest.Builder request(String where) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + where)).timeout(ANSWER_WITHIN);
        if (Files.isReadable(tokenFile)) {
            request.header(
                    "Authorization", "Bearer " + Files.readString(tokenFile).strip());
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws JsonProcessingException {
        return MAPPER.readTree(response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
