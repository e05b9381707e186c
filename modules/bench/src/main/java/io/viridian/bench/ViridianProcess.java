package io.viridian.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The daemon as a process of its own, with the options that {@code viridian run} has: nothing of it is warm. */
final class ViridianProcess implements AutoCloseable {
    private static final long ENDS_WITHIN_SECONDS = 30;

    private final Process process;
    private final Path log;

    private ViridianProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Returns at once.
     *
     * @param log for what it says
     */
    static ViridianProcess start(Path configuration, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // As scripts/daemon-options has them, which `viridian run` takes too.
        command.addAll(
                List.of(System.getProperty("bench.daemon-options", "-Xmx480m").split(" ")));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                DaemonMain.class.getName(),
                configuration.toString()));
        try {
            return new ViridianProcess(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start(),
                    log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Fails when it has ended, with what it said. */
    void demandAlive() {
        if (!process.isAlive()) {
            throw new BenchFailure("the daemon ended with %d: %s".formatted(process.exitValue(), said()));
        }
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As an operator would, and with force when that is not enough. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
