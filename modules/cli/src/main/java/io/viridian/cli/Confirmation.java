package io.viridian.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Has the migration's name written out before anything that ends writes or loses data. */
final class Confirmation {
    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            description = "The migration's name, instead of being asked for it on a terminal.")
    private @Nullable String name;

    /**
     * Lets pass only whoever gives the name.
     *
     * @param consequence one sentence: what happens then
     */
    void demand(Surroundings around, String migration, String consequence) {
        String given = name == null ? asked(around, migration, consequence) : name;
        if (!given.equals(migration)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "USAGE: '%s' is not the migration's name; nothing was asked of the daemon".formatted(given),
                    "Give the name exactly: %s.".formatted(migration));
        }
    }

    private static String asked(Surroundings around, String migration, String consequence) {
        if (!around.terminal()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "USAGE: this needs a confirmation, and nobody sits at a terminal",
                    "Give it with --confirm " + migration + ".");
        }
        around.talk(consequence);
        around.err().print("Type the migration's name (" + migration + ") to go on: ");
        around.err().flush();
        try {
            String line = around.in().readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the confirmation", e);
        }
    }
}
