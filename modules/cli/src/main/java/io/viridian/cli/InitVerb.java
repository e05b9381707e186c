package io.viridian.cli;

import io.viridian.daemon.LocalCommands.Invocation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a configuration to begin with. */
@Command(description = "Write a commented viridian.yaml and a drafted mapping from both catalogs.")
final class InitVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(names = "--blue", paramLabel = "URL", description = "Today's database, like postgresql://user@host/shop.")
    private String blue = "";

    @Option(names = "--green", paramLabel = "URL", description = "The new database.")
    private String green = "";

    @Option(names = "--migration", paramLabel = "NAME", description = "The migration's name.")
    private String migration = "";

    @Option(names = "--directory", paramLabel = "DIR", description = "Where to write; default: here.")
    private Path directory = Path.of("");

    @Option(names = "--force", description = "Replace files that are there.")
    private boolean force;

    @Mixin
    private final OutputOption output = new OutputOption();

    InitVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> flags = new LinkedHashMap<>();
        keep(flags, "blue.url", blue);
        keep(flags, "green.url", green);
        keep(flags, "migration", migration);
        Invocation invocation =
                new Invocation(configuration.sources(around, flags), output.json(), around.out(), around.err());
        return around.local().init(invocation, around.workingDirectory().resolve(directory), force);
    }

    private static void keep(Map<String, String> flags, String key, String value) {
        if (!value.isEmpty()) {
            flags.put(key, value);
        }
    }
}
