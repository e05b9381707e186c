package io.viridian.daemon;

import io.viridian.daemon.config.Settings;
import io.viridian.daemon.engine.CrashOnDemand;
import io.viridian.daemon.engine.EngineParts;
import io.viridian.daemon.engine.ViridianDaemon;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks for the journal's database before a process leads for as long as one deed takes: nobody who goes back to blue
 * in the night waits for a server that is needed to remember, and not to decide. The caller's thread.
 */
final class JournalSearch {
    /** A server that is being started again answers within this; one that is gone does not. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Settings settings;
    private final Clock clock;
    private final PrintWriter talk;

    JournalSearch(Settings settings, Clock clock, PrintWriter talk) {
        this.settings = settings;
        this.clock = clock;
        this.talk = talk;
    }

    /** Who leads: with the journal if it answers, otherwise on what blue and green say. Not started yet. */
    ViridianDaemon leader() throws InterruptedException {
        Optional<String> silent = settings.journal().isPresent() ? silent() : Optional.empty();
        if (silent.isEmpty()) {
            return new ViridianDaemon(settings, CrashOnDemand.fromEnvironment(System.getenv()), clock);
        }
        talk.println("the journal's database does not answer: " + silent.get());
        talk.println("going by what blue and green say; what is done is written down on blue, until a daemon finds the "
                + "journal again");
        talk.flush();
        return ViridianDaemon.withoutJournal(settings, CrashOnDemand.fromEnvironment(System.getenv()), clock);
    }

    /** Why it does not answer; empty when it does. */
    private Optional<String> silent() throws InterruptedException {
        EngineParts parts = ViridianDaemon.parts(settings, point -> {}, clock);
        try {
            Deadline by = Deadline.after(clock, PATIENCE);
            Waiter waiter = new Waiter();
            while (true) {
                Optional<String> silent = silent(parts);
                if (silent.isEmpty() || by.expired()) {
                    return silent;
                }
                waiter.await(LOOK_EVERY);
            }
        } finally {
            parts.close();
        }
    }

    /** One that answers and refuses is there: that is for a person to mend. */
    private static Optional<String> silent(EngineParts parts) {
        try {
            parts.journalDatabase().query(session -> session.one("select 1", row -> row.number(1)));
            return Optional.empty();
        } catch (FaultException failure) {
            if (failure.code().retry() != Retry.AUTOMATIC) {
                throw failure;
            }
            return Optional.of(failure.fault().detail());
        }
    }
}
