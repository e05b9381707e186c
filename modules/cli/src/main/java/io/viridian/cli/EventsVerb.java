package io.viridian.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.cli.DaemonClient.Away;
import io.viridian.time.Waiter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What happened. */
@Command(description = "Show what happened, oldest first.")
final class EventsVerb implements Callable<Integer> {
    private static final Duration BEFORE_COMING_BACK = Duration.ofSeconds(2);
    /** As many as the daemon gives at once. */
    private static final int PAGE = 1_000;

    private static final String DATA = "data: ";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Surroundings around;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens, until interrupted; with -o json one document per line.")
    private boolean follow;

    @Option(names = "--since", paramLabel = "N", description = "Only what came after event number N.")
    private long since;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    EventsVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            if (follow) {
                return follow(client);
            }
            JsonNode events = all(client);
            output.print(around, events, () -> text(events.path("events")));
            return ExitCode.OK.number();
        }
    }

    /** Page by page, so that the newest are there, too. */
    private JsonNode all(DaemonClient client) throws InterruptedException {
        ObjectNode all = MAPPER.createObjectNode();
        ArrayNode events = all.putArray("events");
        long last = since;
        JsonNode page;
        do {
            page = client.read("/events?limit=%d&since=%d".formatted(PAGE, last))
                    .json();
            page.path("events").forEach(events::add);
            last = page.path("last").asLong(last);
        } while (page.path("events").size() == PAGE);
        return all.put("last", last);
    }

    /** Comes back after the daemon restarted, and goes on where it was. */
    private int follow(DaemonClient client) throws InterruptedException {
        long last = since;
        boolean connected = false;
        while (!around.out().checkError()) {
            try (BufferedReader stream =
                    new BufferedReader(new InputStreamReader(client.stream(last), StandardCharsets.UTF_8))) {
                connected = true;
                last = print(stream, last);
            } catch (Away away) {
                if (!connected) {
                    throw away;
                }
            } catch (IOException cut) {
                around.talk("viridian: the daemon went away (%s); coming back".formatted(cut.getMessage()));
            }
            new Waiter().await(BEFORE_COMING_BACK);
        }
        return ExitCode.OK.number();
    }

    private long print(BufferedReader stream, long after) throws IOException {
        long last = after;
        for (String line = stream.readLine(); line != null && !around.out().checkError(); line = stream.readLine()) {
            if (line.startsWith(DATA)) {
                JsonNode event = parsed(line.substring(DATA.length()));
                around.out().println(output.json() ? event.toString() : line(event));
                around.out().flush();
                last = event.path("number").asLong(last);
            }
        }
        return last;
    }

    private static JsonNode parsed(String data) {
        try {
            return MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            throw new Failure(ExitCode.BUG, "BUG: the stream holds what is no event: " + data, "Check --server.");
        }
    }

    private static String text(JsonNode events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(line(event)).append('\n'));
        return events.isEmpty() ? "Nothing happened yet.\n" : text.toString();
    }

    static String line(JsonNode event) {
        return "%s  %s  %-22s  %s"
                .formatted(
                        event.path("at").asText(),
                        "#" + event.path("number").asLong(),
                        event.path("type").asText(),
                        event.path("text").asText());
    }
}
