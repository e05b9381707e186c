package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.cli.DaemonClient.Answer;
import io.viridian.daemon.LocalCommands.Invocation;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** What all verbs share that end writes or lose something: look first, have it confirmed, ask for exactly that. */
final class SwitchOptions {
    @Mixin
    private final Confirmation confirmation = new Confirmation();

    @Mixin
    private final OperationOptions operation = new OperationOptions();

    /** Asks for the operation on the migration as it was shown; if it changed meanwhile, the daemon refuses. */
    int ask(Surroundings around, String type, Map<String, String> parameters, String consequence)
            throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            Answer seen = confirmed(around, client, consequence);
            return operation.ask(around, client, type, parameters, seen.etag());
        }
    }

    /** The same, and tells the daemon which name was confirmed. */
    int askByName(Surroundings around, String type, Map<String, String> parameters, String consequence)
            throws InterruptedException {
        try (DaemonClient client = operation.client(around)) {
            Answer seen = confirmed(around, client, consequence);
            Map<String, String> named = new HashMap<>(parameters);
            named.put("confirm", client.migration());
            return operation.ask(around, client, type, named, seen.etag());
        }
    }

    /** The same of a process that answers here, to the end whether it was asked to wait or not. */
    int askAndWait(
            Surroundings around, DaemonClient client, String type, Map<String, String> parameters, String consequence)
            throws InterruptedException {
        Answer seen = confirmed(around, client, consequence);
        return operation.askAndWait(around, client, type, parameters, seen.etag());
    }

    private Answer confirmed(Surroundings around, DaemonClient client, String consequence) throws InterruptedException {
        Answer seen = client.read("");
        JsonNode status = seen.json();
        confirmation.demand(
                around,
                client.migration(),
                "%s is %s, writes are on %s.\n%s"
                        .formatted(
                                client.migration(),
                                StatusText.state(status),
                                status.path("owner").asText(),
                                consequence));
        return seen;
    }

    /** For a verb that works in this process. */
    Invocation invocation(Surroundings around) {
        return operation.invocation(around);
    }
}
