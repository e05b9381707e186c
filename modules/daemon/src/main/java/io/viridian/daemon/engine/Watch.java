package io.viridian.daemon.engine;

import io.viridian.fault.FaultException;
import io.viridian.time.Waiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at servers and gates at a steady pace, so that whoever asks for the status is answered from memory, also while
 * a server does not answer.
 */
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Look look;
    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private volatile boolean closing;

    /** One look. */
    @FunctionalInterface
    interface Look {
        void look() throws InterruptedException;
    }

    Watch(Look look) {
        this.look = look;
        this.thread = Thread.ofPlatform().name("viridian-watch").daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            try {
                look.look();
                waiter.await(EVERY);
            } catch (InterruptedException stopped) {
                return;
            } catch (FaultException unanswered) {
                LOG.debug("could not look around: {}", unanswered.fault().sentence());
            } catch (RuntimeException unexpected) {
                LOG.warn("could not look around; looks again", unexpected);
            }
        }
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
