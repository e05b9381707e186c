package io.viridian.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for a cutover as soon as the lag allows it. */
@Command(
        description = {
            "Cut over by itself once the lag has been low for long enough and every gate passes.",
            "What is not said is as in the configuration. Rows that differ, a changed schema and another daemon disarm it;",
            "`viridian disarm` does so until the commit point."
        })
final class ArmVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(
            names = "--max-lag",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "The lag at or below which the switch may begin, like 500ms.")
    private @Nullable Duration maxLag;

    @Option(
            names = "--stable-for",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "How long the lag must have been that low, and how long nothing is tried after an attempt.")
    private @Nullable Duration stableFor;

    @Option(
            names = "--window",
            paramLabel = "A/B",
            description = "Not before A and not after B, like 2026-12-01T02:00:00Z/2026-12-01T04:00:00Z.")
    private String window = "";

    @Option(names = "--attempts", paramLabel = "N", description = "How often it is tried; default: 3.")
    private int attempts = 3;

    @Option(
            names = "--expires-after",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "When nobody waits for it any more; default: 24h.")
    private @Nullable Duration expiresAfter;

    @Mixin
    private final SwitchOptions options = new SwitchOptions();

    ArmVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        duration(parameters, "max_lag", maxLag);
        duration(parameters, "stable_for", stableFor);
        window(parameters);
        parameters.put("attempts", Integer.toString(attempts));
        duration(parameters, "expires_after", expiresAfter);
        return options.ask(
                around,
                "arm",
                parameters,
                "As soon as the terms hold, the cutover pauses writes for a moment and lets them go to green; nobody is"
                        + " asked again.");
    }

    private static void duration(Map<String, String> parameters, String name, @Nullable Duration duration) {
        if (duration != null) {
            parameters.put(name, duration.toMillis() + "ms");
        }
    }

    private void window(Map<String, String> parameters) {
        if (window.isEmpty()) {
            return;
        }
        String[] ends = window.split("/", -1);
        if (ends.length != 2) {
            throw new Failure(
                    ExitCode.USAGE,
                    "USAGE: --window must be two moments like 2026-12-01T02:00:00Z/2026-12-01T04:00:00Z, not '" + window
                            + "'",
                    "");
        }
        parameters.put("not_before", ends[0]);
        parameters.put("not_after", ends[1]);
    }
}
