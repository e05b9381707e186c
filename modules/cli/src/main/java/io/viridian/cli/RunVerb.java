package io.viridian.cli;

import io.viridian.daemon.LocalCommands.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The daemon. */
@Command(description = "Run the daemon in the foreground; it goes on with whatever its journal says.")
final class RunVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Option(
            names = "--standby",
            description =
                    "While another daemon leads, wait and take over when it dies or stands still; without it that ends"
                            + " this one with exit code 4.")
    private boolean standby;

    RunVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        return around.local()
                .run(new Invocation(configuration.sources(around), output.json(), around.out(), around.err()), standby);
    }
}
