package io.viridian.cli;

import io.viridian.daemon.Daemons;
import io.viridian.daemon.LocalCommands;
import io.viridian.time.Clock;
import java.io.BufferedReader;
import java.io.Console;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything around a verb.
 *
 * @param out data
 * @param err talk
 * @param in what a person types
 * @param terminal whether a person sits there: questions may be asked and lines drawn over
 */
record Surroundings(
        PrintWriter out,
        PrintWriter err,
        BufferedReader in,
        boolean terminal,
        Map<String, String> environment,
        Path workingDirectory,
        Path home,
        Clock clock,
        LocalCommands local) {
    Surroundings {
        environment = Map.copyOf(environment);
    }

    static Surroundings ofProcess() {
        boolean atTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        Charset charset = System.out.charset();
        return new Surroundings(
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                new BufferedReader(new InputStreamReader(System.in, charset)),
                atTerminal && !"dumb".equals(System.getenv("TERM")),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home", ".")),
                Clock.system(),
                Daemons.localCommands());
    }

    /** Whether colours may be used, and what was printed be drawn over. */
    boolean colour() {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Says something to the person, aside from the data. */
    void talk(String text) {
        err.println(text);
        err.flush();
    }
}
