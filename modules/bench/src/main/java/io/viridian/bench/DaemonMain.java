package io.viridian.bench;

import io.viridian.daemon.Daemons;
import io.viridian.daemon.LocalCommands.Invocation;
import io.viridian.daemon.config.ConfigurationSources;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What {@code viridian run -c file} does, without the command line. */
public final class DaemonMain {
    private DaemonMain() {}

    /** @param arguments the configuration */
    public static void main(String[] arguments) throws InterruptedException {
        Path file = Path.of(arguments[0]).toAbsolutePath();
        Path directory = file.resolveSibling(".");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        ConfigurationSources sources =
                new ConfigurationSources(Optional.of(file), Map.of(), Map.of(), directory, directory, true);
        System.exit(Daemons.localCommands().run(new Invocation(sources, false, out, out), false));
    }
}
