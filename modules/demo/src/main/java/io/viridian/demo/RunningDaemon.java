package io.viridian.demo;

import io.viridian.daemon.Daemons;
import io.viridian.daemon.LocalCommands;
import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.fault.FaultException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The daemon, by the same call that {@code viridian run} makes, on a thread instead of in a process. */
final class RunningDaemon implements AutoCloseable {
    /** The daemon gives itself 15 seconds to finish what it is doing. */
    private static final long STOPS_WITHIN_MILLIS = 30_000;

    private final StringWriter talk = new StringWriter();
    private final Thread thread;
    private volatile @Nullable String ended;

    private RunningDaemon(ConfigurationSources sources) {
        thread = Thread.ofPlatform().name("demo-daemon").unstarted(() -> run(sources));
    }

    static RunningDaemon start(ConfigurationSources sources) {
        RunningDaemon daemon = new RunningDaemon(sources);
        daemon.thread.start();
        return daemon;
    }

    private void run(ConfigurationSources sources) {
        PrintWriter writer = new PrintWriter(talk, true);
        try {
            int exit = Daemons.localCommands().run(new LocalCommands.Invocation(sources, false, writer, writer), false);
            ended = "it ended with exit code " + exit;
        } catch (InterruptedException stopped) {
            ended = "it was stopped";
        } catch (FaultException failure) {
            ended = failure.fault().sentence() + " " + failure.code().remedy();
        } catch (ConfigurationException refused) {
            ended = refused.problems().text();
        } catch (RuntimeException | Error bug) {
            ended = "a bug: " + bug;
            throw bug;
        }
    }

    /** Why it does not run any more. */
    Optional<String> ended() {
        return Optional.ofNullable(ended);
    }

    /** Stops it as a signal would: whatever it is doing is finished or left to the journal. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(STOPS_WITHIN_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
