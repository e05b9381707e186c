package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has applications write on both sides for a while. */
@Command(
        description = {
            "Let applications write on green besides blue for a while; each side's changes are led to the other.",
            "Blue stays the owner. Rows that both sides change are found, settled or told, and kept with both images."
        },
        synopsisSubcommandLabel = "(start | stop | conflicts)")
final class CanaryVerb implements Runnable {
    private final Surroundings around;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CanaryVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say start, stop or conflicts");
    }

    @Command(
            description = {
                "Open green besides blue. Refused, table by table, where neither side's row could take the place of the",
                "other's."
            })
    int start(
            @Option(
                            names = "--for",
                            paramLabel = "D",
                            converter = WaitOptions.InDuration.class,
                            description = "How long, like 30m; default: cutover.canary.for.")
                    @Nullable
                    Duration lasts,
            @Option(
                            names = "--conflicts",
                            paramLabel = "POLICY",
                            description =
                                    "halt, blue-wins, green-wins or newest-wins; default: cutover.canary.conflicts.")
                    @Nullable
                    String conflicts,
            @Mixin SwitchOptions options)
            throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("action", "start");
        if (lasts != null) {
            parameters.put("for", lasts.toMillis() + "ms");
        }
        return options.ask(
                around,
                "canary",
                with(parameters, conflicts),
                "Applications may write on green besides blue; a row that both change is settled as you say.");
    }

    @Command(
            description = {
                "Close green, and lead what it has to blue. Also goes on with a canary that has halted because of a",
                "conflict, when it is said which row is to stay."
            })
    int stop(
            @Option(
                            names = "--conflicts",
                            paramLabel = "POLICY",
                            description = "halt, blue-wins, green-wins or newest-wins; default: as it was.")
                    @Nullable
                    String conflicts,
            @Mixin OperationOptions operation)
            throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("action", "stop");
        try (DaemonClient client = operation.client(around)) {
            return operation.ask(around, client, "canary", with(parameters, conflicts), Optional.empty());
        }
    }

    @Command(description = "Show the rows that both sides had changed, newest first, with what either had.")
    int conflicts(
            @Option(names = "--limit", paramLabel = "N", description = "At most so many; default: 500.") @Nullable
                    Integer limit,
            @Mixin DaemonOptions daemon,
            @Mixin OutputOption output)
            throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            JsonNode found = client.read("/conflicts?limit=" + (limit == null ? 500 : limit))
                    .json();
            output.print(around, found, () -> text(found.path("conflicts")));
            return ExitCode.OK.number();
        }
    }

    private static Map<String, String> with(Map<String, String> parameters, @Nullable String conflicts) {
        if (conflicts != null) {
            parameters.put("conflicts", conflicts);
        }
        return parameters;
    }

    private static String text(JsonNode conflicts) {
        StringBuilder text = new StringBuilder();
        conflicts.forEach(one -> text.append("%s  %s of %s %s: %s%n  blue,  %s: %s%n  green, %s: %s%n"
                .formatted(
                        one.path("settled_at").asText(),
                        one.path("kind").asText(),
                        one.path("table").asText(),
                        one.path("key"),
                        one.path("outcome").asText(),
                        one.path("blue_at").asText(),
                        row(one.path("blue_row")),
                        one.path("green_at").asText(),
                        row(one.path("green_row")))));
        return conflicts.isEmpty() ? "No row was changed on both sides.\n" : text.toString();
    }

    private static String row(JsonNode row) {
        return row.isNull() ? "no such row" : row.toString();
    }
}
