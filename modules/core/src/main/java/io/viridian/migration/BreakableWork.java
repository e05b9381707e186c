package io.viridian.migration;

import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long work of the conductor that is broken off when something is asked for that does not wait for it, or when the
 * daemon stops. {@link #run} is for the conductor's thread, {@link #lookAround} for any.
 */
final class BreakableWork {
    private static final Logger LOG = LoggerFactory.getLogger(BreakableWork.class);

    private final OperationDesk desk;
    private final BooleanSupplier stopping;
    private @Nullable Thread busy;
    private Set<Operation.Type> breakers = Set.of();

    BreakableWork(OperationDesk desk, BooleanSupplier stopping) {
        this.desk = desk;
        this.stopping = stopping;
    }

    /** What is done. */
    @FunctionalInterface
    interface Part<T> {
        T run() throws InterruptedException;
    }

    /** Something was asked for, or the daemon is to stop: breaks off what does not go with that. */
    synchronized void lookAround() {
        if (busy != null && isToEnd()) {
            busy.interrupt();
        }
    }

    private boolean isToEnd() {
        return stopping.getAsBoolean() || desk.waitsFor(breakers);
    }

    /**
     * Does it, unless it is broken off before or meanwhile.
     *
     * @param by what does not wait for it
     * @throws InterruptedException when it was broken off; what it fails with then is taken for a consequence
     */
    <T> T run(Set<Operation.Type> by, Part<T> part) throws InterruptedException {
        begin(by);
        try {
            return part.run();
        } catch (RuntimeException failure) {
            if (!isToEnd()) {
                throw failure;
            }
            // Interrupted work fails in words of its own: a connection breaks, a driver is surprised.
            LOG.info("broken off: {}", failure.getMessage());
            throw brokenOff(failure);
        } finally {
            end();
        }
    }

    private synchronized void begin(Set<Operation.Type> by) throws InterruptedException {
        breakers = by;
        if (isToEnd()) {
            throw new InterruptedException("broken off before it began");
        }
        busy = Thread.currentThread();
    }

    private synchronized void end() {
        busy = null;
        if (Thread.interrupted()) {
            LOG.debug("an interruption came as the work ended");
        }
    }

    private static InterruptedException brokenOff(RuntimeException cause) {
        InterruptedException interruption = new InterruptedException(cause.getMessage());
        interruption.initCause(cause);
        return interruption;
    }
}
