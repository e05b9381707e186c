package io.viridian.feed;

import io.viridian.position.Lsn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An open stream of changes. One thread polls; {@link #confirm} and {@link #received} may be called from any thread.
 * Failures are thrown as {@link io.viridian.fault.FaultException}; after one the stream is dead and a new one must be
 * opened.
 */
public interface ChangeStream extends AutoCloseable {
    /** The next change, or null when none arrived within {@code most}. */
    @Nullable
    Change poll(Duration most) throws InterruptedException;

    /**
     * Tells the source that everything before this position is durable on the target and settled, so that it need not
     * keep its log for us. Never goes backwards; takes effect with the next feedback.
     */
    void confirm(Lsn durable);

    /**
     * Tells the source again what is confirmed, although nothing is being read; for a reader whose consumer is slow.
     * The polling thread only.
     */
    void stayAlive();

    /** How far the source has sent, including stretches without anything for us. */
    Lsn received();

    @Override
    void close();
}
