package io.viridian.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that the next switch may go ahead whatever one gate says. */
@Command(
        description = {
            "Let the next switch go ahead whatever this gate says, under your name, with a reason, for a day unless said",
            "otherwise. The gate keeps showing what it sees. Gates that the safety of rows rests on are refused, with why."
        })
final class OverrideVerb implements Callable<Integer> {
    private final Surroundings around;

    @Parameters(paramLabel = "GATE", description = "The gate's id; `viridian gates` shows them.")
    private String gate = "";

    @Option(
            names = "--for",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "How long it holds, at most 7d; default: 24h.")
    private @Nullable Duration during;

    @Option(names = "--withdraw", description = "Take it back.")
    private boolean withdraw;

    @Mixin
    private final SwitchOptions options = new SwitchOptions();

    OverrideVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("gate", gate);
        if (during != null) {
            parameters.put("for", during.toMillis() + "ms");
        }
        if (withdraw) {
            parameters.put("withdraw", "true");
        }
        return options.ask(
                around,
                "override",
                parameters,
                withdraw
                        ? "The switch waits for gate %s again.".formatted(gate)
                        : "The next switch goes ahead whatever gate %s says. That stays in the report for ever."
                                .formatted(gate));
    }
}
