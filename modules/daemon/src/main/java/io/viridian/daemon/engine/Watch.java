package io.viridian.daemon.engine;

import io.viridian.fault.FaultException;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at servers and gates again and again, so that whoever asks for the status is answered from memory, also while a
 * server does not answer. With many thousands of tables a look costs the servers a second; so the longer it took, the
 * longer the next one waits.
 */
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** Older than this, and what it has to look with, what the surfaces show would mislead. */
    private static final Duration MOST = Duration.ofSeconds(10);

    /** A tenth of the time is for looking. */
    private static final int REST_FOR_EACH_LOOK = 9;

    private final Look look;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private volatile boolean closing;

    /** One look. */
    @FunctionalInterface
    interface Look {
        void look() throws InterruptedException;
    }

    Watch(String name, Look look, Clock clock) {
        this.look = look;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closing) {
                long began = clock.nanoTime();
                tryToLook();
                waiter.await(rest(clock.since(began)));
            }
        } catch (InterruptedException stopped) {
            LOG.debug("no longer looks around");
        }
    }

    private void tryToLook() throws InterruptedException {
        try {
            look.look();
        } catch (FaultException unanswered) {
            LOG.debug("could not look around: {}", unanswered.fault().sentence());
        } catch (RuntimeException unexpected) {
            LOG.warn("could not look around; looks again", unexpected);
        }
    }

    /** How long not to look, after a look that took so long. */
    static Duration rest(Duration took) {
        Duration rest = took.multipliedBy(REST_FOR_EACH_LOOK);
        if (rest.compareTo(LEAST) < 0) {
            return LEAST;
        }
        return rest.compareTo(MOST) > 0 ? MOST : rest;
    }

    @Override
    public void close() {
        closing = true;
        waiter.wake();
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
