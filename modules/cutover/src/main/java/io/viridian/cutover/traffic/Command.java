package io.viridian.cutover.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the operator's: no shell, a mandatory limit of time, and an output of which only the beginning is kept.
 * What the daemon knows of passwords in its environment stays there.
 */
public record Command(List<String> words, Duration timeout) {
    /** A screen or two: enough to see why it failed. */
    public static final int OUTPUT_BYTES_MAX = 8 * 1024;

    public Command {
        words = List.copyOf(words);
        if (words.isEmpty() || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "a command needs words and a positive timeout: " + words + ", " + timeout);
        }
    }

    /**
     * What came of it.
     *
     * @param exit the exit code; empty text and -1 when it was ended at its timeout or could not be started
     */
    public record Result(int exit, boolean timedOut, String output) {
        public boolean succeeded() {
            return exit == 0 && !timedOut;
        }

        public String sentence() {
            String how = timedOut ? "did not end in time and was killed" : "ended with exit code " + exit;
            return output.isBlank() ? how : how + ", saying: " + output.strip();
        }
    }

    public Result run(Map<String, String> environment) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeIf(Command::secret);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException failure) {
            return new Result(-1, false, String.valueOf(failure.getMessage()));
        }
        Output output = new Output(process.getInputStream());
        Thread reader = Thread.ofVirtual().name("viridian-command").start(output::read);
        try {
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                // A child in the background may hold the pipe open for ever; what was said so far is enough then.
                reader.join(Duration.ofMillis(500));
            }
            return new Result(ended ? process.exitValue() : -1, !ended, output.text());
        } finally {
            end(process);
        }
    }

    /** The parent first, so that it starts no more of them; then its children, and theirs that were born meanwhile. */
    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        for (ProcessHandle child : children) {
            List<ProcessHandle> younger = child.descendants().toList();
            child.destroyForcibly();
            younger.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean secret(String name) {
        return name.startsWith("VIRIDIAN_") || name.equals("PGPASSWORD");
    }

    /** Reads to the end, so that the command never waits for a full pipe, and keeps the beginning. */
    private static final class Output {
        private final InputStream from;
        private final byte[] kept = new byte[OUTPUT_BYTES_MAX];
        private int length;

        Output(InputStream from) {
            this.from = from;
        }

        void read() {
            byte[] buffer = new byte[4096];
            try {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    keep(buffer, read);
                }
            } catch (IOException ended) {
                keep(new byte[0], 0);
            }
        }

        private synchronized void keep(byte[] buffer, int read) {
            int room = Math.min(read, kept.length - length);
            System.arraycopy(buffer, 0, kept, length, room);
            length += room;
        }

        synchronized String text() {
            return new String(kept, 0, length, StandardCharsets.UTF_8);
        }
    }
}
