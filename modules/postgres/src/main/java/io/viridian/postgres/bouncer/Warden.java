package io.viridian.postgres.bouncer;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process of a {@link PauseWarden}, from this side: posted before a bouncer is paused, dismissed when it is
 * resumed. One thread.
 */
public final class Warden implements AutoCloseable {
    /** A small JVM on a busy machine. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(10);

    private final Process process;
    private final BufferedWriter words;

    private Warden(Process process) {
        this.process = process;
        this.words = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts the process and returns when it is connected to the bouncer.
     *
     * @param holds how long the pause may last once {@link #hold} was said
     * @throws io.viridian.fault.FaultException with TRAFFIC_FAILED when it does not come up
     */
    public static Warden post(BouncerAddress address, String database, Duration holds) throws InterruptedException {
        try {
            Warden warden = new Warden(new ProcessBuilder(command())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            try {
                warden.instruct(address, database, holds);
                warden.awaitReady();
                return warden;
            } catch (IOException | InterruptedException | RuntimeException failure) {
                warden.process.destroyForcibly();
                throw failure;
            }
        } catch (IOException failure) {
            throw Fault.about(
                            FaultCode.TRAFFIC_FAILED,
                            address.toString(),
                            "the process that would end a pause of " + database + " in our place does not come up: "
                                    + failure.getMessage())
                    .asException(failure);
        }
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                PauseWarden.class.getName());
    }

    /** The password goes this way, where no list of processes shows it. */
    private void instruct(BouncerAddress address, String database, Duration holds) throws IOException {
        say(address.jdbcUrl());
        say(database);
        say(Long.toString(holds.toMillis()));
        for (Map.Entry<String, String> property : address.properties().entrySet()) {
            say(property.getKey() + "=" + property.getValue());
        }
        say("");
    }

    private void say(String line) throws IOException {
        words.write(line);
        words.newLine();
        words.flush();
    }

    private void awaitReady() throws IOException, InterruptedException {
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        CompletableFuture<String> first = new CompletableFuture<>();
        Thread.ofVirtual().name("viridian-warden").start(() -> {
            try {
                first.complete(String.valueOf(answer.readLine()));
            } catch (IOException gone) {
                first.completeExceptionally(gone);
            }
        });
        try {
            String said = first.get(READY_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            if (!said.equals(PauseWarden.READY)) {
                throw new IOException("it ended; what it said is on the daemon's standard error");
            }
        } catch (ExecutionException gone) {
            throw new IOException(gone.getCause());
        } catch (TimeoutException late) {
            throw new IOException("it is not ready after " + READY_WITHIN.toSeconds() + " s", late);
        }
    }

    /**
     * The pause begins now.
     *
     * @throws io.viridian.fault.FaultException with TRAFFIC_FAILED when nobody listens: nothing may be paused then
     */
    public void hold() {
        try {
            say(PauseWarden.HOLD);
        } catch (IOException gone) {
            throw Fault.of(
                            FaultCode.TRAFFIC_FAILED,
                            "the process that would end a pause in our place is gone: " + gone.getMessage())
                    .asException(gone);
        }
    }

    /** The pause is over; another may follow. */
    public void done() {
        try {
            say(PauseWarden.DONE);
        } catch (IOException gone) {
            // Nobody watches any more, and nothing is paused.
            process.destroy();
        }
    }

    /** It is not needed any more. */
    @Override
    public void close() {
        done();
        try {
            words.close();
        } catch (IOException gone) {
            process.destroy();
        }
    }
}
