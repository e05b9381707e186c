package io.viridian.replication.lane;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes one part of the stream while the lane prepares the next, on a thread of its own. It holds one part at a time:
 * who brings the next one waits. What it has committed, and what it failed with, the lane learns when it asks. The lane
 * may use the session itself while nothing is being written ({@link #settle}). All but {@link #abort} is for the lane's
 * thread.
 */
final class WindowWriter implements Window.Sink, AutoCloseable {
    /** A statement that takes longer when the lane ends is broken off; what it wrote is read again. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final TargetSession session;
    private final PartWriting writing;
    private final Runnable ready;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Being written. Guarded by the lock, as all that follows. */
    private Window.@Nullable Part part;

    private @Nullable Written written;
    private @Nullable Throwable failure;
    private boolean closed;

    /**
     * A committed window.
     *
     * @param took to write and commit its last part
     * @param lossy how many rows that went this way would come again as others
     */
    record Written(Window.End end, Duration took, long lossy) {}

    /** @param ready called, on any thread, whenever the writer has become free or has failed; must not block */
    WindowWriter(String name, TargetSession session, PartWriting writing, Runnable ready) {
        this.session = session;
        this.writing = writing;
        this.ready = ready;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
        thread.start();
    }

    /** Waits until the part before is written; {@link #committed} is to be asked before every end of a window. */
    @Override
    public void write(Window.Part next) {
        lock.lock();
        try {
            awaitFree();
            if (next.end() != null && written != null) {
                throw new IllegalStateException("the window before has not been asked for");
            }
            part = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a part is being written. */
    boolean busy() {
        lock.lock();
        try {
            return part != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The window committed since this was last asked.
     *
     * @throws RuntimeException what the writer failed with
     */
    Optional<Written> committed() {
        lock.lock();
        try {
            demandWell();
            Optional<Written> last = Optional.ofNullable(written);
            written = null;
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #committed}, once nothing is being written any more. */
    Optional<Written> settle() {
        lock.lock();
        try {
            awaitFree();
            return committed();
        } finally {
            lock.unlock();
        }
    }

    /** For the lane's own use while nothing is being written. */
    TargetSession session() {
        if (busy()) {
            throw new IllegalStateException("the session is being written through");
        }
        return session;
    }

    /** As long as the statements take, like a statement of one's own: {@link #abort} ends it. */
    private void awaitFree() {
        while (part != null && failure == null) {
            changed.awaitUninterruptibly();
        }
        demandWell();
    }

    private void demandWell() {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    private void run() {
        try {
            Window.Part next = next();
            while (next != null) {
                done(writing.write(next));
                next = next();
            }
        } catch (RuntimeException | Error why) {
            lock.lock();
            try {
                failure = why;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        ready.run();
    }

    /** Null when it is closed. */
    private Window.@Nullable Part next() {
        lock.lock();
        try {
            while (part == null && !closed) {
                changed.awaitUninterruptibly();
            }
            return part;
        } finally {
            lock.unlock();
        }
    }

    private void done(@Nullable Written committed) {
        lock.lock();
        try {
            part = null;
            if (committed != null) {
                written = committed;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ready.run();
    }

    /** Breaks the connection, whatever is being done with it; from any thread. */
    void abort() {
        session.abort();
    }

    /** Afterwards nothing is written or committed any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!ended()) {
            session.abort();
            ended();
        }
        writing.close();
        session.close();
    }

    /** A thread that is to stop waits all the same, but no longer than for the connection to break. */
    private boolean ended() {
        try {
            return thread.join(CLOSE_PATIENCE);
        } catch (InterruptedException stop) {
            session.abort();
            try {
                return thread.join(CLOSE_PATIENCE);
            } catch (InterruptedException again) {
                return false;
            } finally {
                Thread.currentThread().interrupt();
            }
        }
    }
}
