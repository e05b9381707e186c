package io.viridian.cli;

import io.viridian.daemon.LocalCommands.Invocation;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who still needs the old schema. */
@Command(
        description = {
            "Tell who still uses the old schema on green, since when, and what can be dropped.",
            "Asks green itself, so it works after the migration was finalized, too."
        })
final class CompatibilityReportVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--quiet",
            paramLabel = "D",
            converter = WaitOptions.InDuration.class,
            description = "A view can be dropped when nobody has used it for that long; default: 168h.")
    private Duration quiet = Duration.ofDays(7);

    @Mixin
    private final OutputOption output = new OutputOption();

    CompatibilityReportVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        return around.local()
                .compatibility(
                        new Invocation(configuration.sources(around), output.json(), around.out(), around.err()),
                        quiet);
    }
}
