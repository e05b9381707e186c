package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.cli.DaemonClient.Answer;
import io.viridian.cli.DaemonClient.Away;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Asks the daemon for an operation, and follows it if wanted. */
final class Asking {
    /** One long poll; a daemon that dies meanwhile is noticed by the connection, not by this. */
    private static final Duration ONE_POLL = Duration.ofSeconds(20);

    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** A restart of the daemon takes seconds; a daemon that is away for longer needs a person. */
    private static final Duration PATIENCE_WHILE_AWAY = Duration.ofMinutes(5);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);
    private static final int ATTEMPTS = 5;

    private final Surroundings around;
    private final DaemonClient client;

    Asking(Surroundings around, DaemonClient client) {
        this.around = around;
        this.client = client;
    }

    /**
     * What is asked for.
     *
     * @param parameters beside type and reason; empty values are left out
     * @param etag of the migration as it was looked at
     */
    record Request(String type, String reason, Map<String, String> parameters, Optional<String> etag) {
        private String body() {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", type);
            if (!reason.isEmpty()) {
                body.put("reason", reason);
            }
            parameters.forEach((name, value) -> {
                if (!value.isEmpty()) {
                    body.put(name, value);
                }
            });
            return body.toString();
        }
    }

    /** Asks, waits if wanted, prints the operation, and answers the exit code. */
    int ask(Request request, WaitOptions waiting, OutputOption output) throws InterruptedException {
        JsonNode operation = submit(request);
        if (waiting.wanted()) {
            around.talk("%s %s was accepted; waiting for its end. It goes on in the daemon if this is interrupted."
                    .formatted(request.type(), operation.path("id").asText()));
            operation = follow(operation, waiting.timeout());
        }
        JsonNode shown = operation;
        output.print(around, shown, () -> OperationText.of(shown, Paint.in(around)) + next(shown));
        return waiting.wanted() ? finished(shown) : ExitCode.OK.number();
    }

    /**
     * Sent again under the same Idempotency-Key when the answer got lost, so that it happens once whatever the network
     * does.
     */
    private JsonNode submit(Request request) throws InterruptedException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Idempotency-Key", UUID.randomUUID().toString());
        request.etag().ifPresent(tag -> headers.put("If-Match", tag));
        boolean mayHaveArrived = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return client.post("/operations", request.body(), headers).json();
            } catch (Away away) {
                mayHaveArrived |= !away.neverReached();
                if (!mayHaveArrived) {
                    throw away;
                }
                if (attempt == ATTEMPTS) {
                    throw new Failure(
                            ExitCode.UNKNOWN,
                            "OUTCOME_UNKNOWN: %s was sent, and then no daemon answered at %s"
                                    .formatted(request.type(), client.address()),
                            "Look at `viridian status` as soon as the daemon answers.");
                }
                new Waiter().await(BETWEEN_ATTEMPTS);
            }
        }
    }

    private JsonNode follow(JsonNode accepted, Optional<Duration> timeout) throws InterruptedException {
        Clock clock = around.clock();
        Optional<Deadline> end = timeout.map(longest -> Deadline.after(clock, longest));
        Deadline away = Deadline.after(clock, PATIENCE_WHILE_AWAY);
        JsonNode operation = accepted;
        while (!isFinal(operation)) {
            Duration poll =
                    end.map(deadline -> deadline.remainingUpTo(ONE_POLL)).orElse(ONE_POLL);
            boolean foundOut = !isUnknown(operation);
            try {
                operation = look(accepted.path("id").asText(), poll);
                away = Deadline.after(clock, PATIENCE_WHILE_AWAY);
            } catch (Away silent) {
                if (away.expired() || end.map(Deadline::expired).orElse(false)) {
                    throw silent;
                }
                new Waiter()
                        .await(end.map(deadline -> deadline.remainingUpTo(BETWEEN_ATTEMPTS))
                                .orElse(BETWEEN_ATTEMPTS));
                continue;
            }
            if ((isUnknown(operation) && !foundOut)
                    || end.map(Deadline::expired).orElse(false)) {
                return operation;
            }
        }
        return operation;
    }

    private JsonNode look(String id, Duration poll) throws InterruptedException {
        Answer answer = client.get(
                "/v1/migrations/%s/operations/%s?wait=%dms".formatted(client.migration(), id, poll.toMillis()),
                poll.plus(MARGIN));
        return answer.json();
    }

    private static boolean isFinal(JsonNode operation) {
        return switch (operation.path("status").asText()) {
            case "SUCCEEDED", "FAILED", "UNDONE", "CANCELLED" -> true;
            default -> false;
        };
    }

    private static boolean isUnknown(JsonNode operation) {
        return operation.path("status").asText().equals("UNKNOWN");
    }

    /** The exit code of an operation that was waited for. */
    static int finished(JsonNode operation) {
        String code = operation.path("result").path("code").asText("");
        return switch (operation.path("status").asText()) {
            case "SUCCEEDED" ->
                code.isEmpty() ? ExitCode.OK.number() : ProblemText.exit(code).number();
            case "FAILED" ->
                code.isEmpty() ? ExitCode.BUG.number() : ProblemText.exit(code).number();
            case "UNDONE" -> ExitCode.UNDONE.number();
            case "CANCELLED" -> ExitCode.CONFLICT.number();
            case "UNKNOWN" -> ExitCode.UNKNOWN.number();
            default -> ExitCode.TIMED_OUT.number();
        };
    }

    private String next(JsonNode operation) {
        if (!isFinal(operation)) {
            return "Next: viridian watch\n";
        }
        try {
            return StatusText.next(client.read("").json());
        } catch (Away | Failure gone) {
            return "Next: viridian status\n";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "Next: viridian status\n";
        }
    }
}
