package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A rollback that is asked of this very process, which leads the migration because no daemon does. */
final class DirectRollback {
    /** The stream of the way back has been opened just now and may have a backlog; more than that is for a daemon. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Surroundings around;
    private final DaemonClient client;

    DirectRollback(Surroundings around, URI address, Path token) {
        this.around = around;
        this.client = new DaemonClient(address, Optional.of(token), Optional.empty(), around);
    }

    /** Asks for it. */
    @FunctionalInterface
    interface Request {
        int ask(DaemonClient client) throws InterruptedException;
    }

    /**
     * Waits until nothing is in the way, and asks; when something is to the end, it is asked all the same, and told.
     */
    int run(Request request) throws InterruptedException {
        try (client) {
            Deadline by = Deadline.after(around.clock(), PATIENCE);
            String told = "";
            Waiter waiter = new Waiter();
            while (!by.expired()) {
                Optional<String> inTheWay = inTheWay(client.read("").json());
                if (inTheWay.isEmpty()) {
                    break;
                }
                if (!inTheWay.get().equals(told)) {
                    told = inTheWay.get();
                    around.talk("waiting: " + told);
                }
                waiter.await(LOOK_EVERY);
            }
            return request.ask(client);
        }
    }

    private static Optional<String> inTheWay(JsonNode status) {
        for (JsonNode action : status.path("allowedActions")) {
            if (action.path("type").asText().equals("rollback")) {
                return action.path("allowed").asBoolean()
                        ? closed(status.path("gates"))
                        : Optional.of(action.path("reason").asText());
            }
        }
        return Optional.of("a migration in state " + status.path("state").asText() + " cannot be rolled back");
    }

    /** Its verification, above all, has to be done first by a process that has just begun to lead. */
    private static Optional<String> closed(JsonNode gates) {
        if (gates.isEmpty()) {
            return Optional.of("the gates are not read yet");
        }
        for (JsonNode gate : gates) {
            if (!GateText.letsPass(gate)) {
                return Optional.of("gate " + GateText.oneLine(gate));
            }
        }
        return Optional.empty();
    }
}
