package io.viridian.cli;

import io.viridian.daemon.LocalCommands;
import io.viridian.daemon.http.Samples;
import io.viridian.time.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Runs the program like a function. */
final class Shell {
    /** A day and two hours after everything in the samples happened. */
    static final Instant NOW = Samples.NOW.plus(Duration.ofHours(26));

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private LocalCommands local = new RecordedCommands();
    private String typed = "";
    private boolean terminal;

    Shell(Path directory) {
        this.directory = directory;
    }

    /** What came of it. */
    record Run(int exit, String out, String err) {}

    Shell at(boolean atTerminal) {
        terminal = atTerminal;
        return this;
    }

    Shell typing(String line) {
        typed = line + "\n";
        return this;
    }

    Shell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Shell with(LocalCommands commands) {
        local = commands;
        return this;
    }

    Path directory() {
        return directory;
    }

    /** Writes {@code viridian.yaml} for a daemon on this port whose state lies here. */
    Shell configured(int port) {
        return file("viridian.yaml", """
                migration: shop-v2
                blue:
                  url: postgresql://viridian@blue-db:5432/shop?sslmode=verify-full
                green:
                  url: postgresql://viridian@green-db:5432/shop?sslmode=verify-full
                http:
                  listen: 127.0.0.1:%d
                state-dir: %s
                """.formatted(port, directory.resolve("state")));
    }

    Shell file(String name, String text) {
        try {
            Files.writeString(directory.resolve(name), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Program.run(surroundings(new PrintWriter(out), new PrintWriter(err)), arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    Surroundings surroundings(PrintWriter out, PrintWriter err) {
        return new Surroundings(
                out,
                err,
                new BufferedReader(new StringReader(typed)),
                terminal,
                environment,
                directory,
                directory,
                new StoppedClock(),
                local);
    }

    /** Tells always the same time of day; durations pass as they do. */
    private static final class StoppedClock implements Clock {
        @Override
        public Instant now() {
            return NOW;
        }

        @Override
        public long nanoTime() {
            return Clock.system().nanoTime();
        }
    }
}
