package io.viridian.replication.lane;

import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.Tuple;
import io.viridian.position.Lsn;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream ahead of the writer, on a thread of its own, in bounded batches. A full queue stops the reading, and
 * so does {@link #rest}; the driver's feedback is then sent by short polls, so the server does not take us for dead.
 */
final class Receiver implements AutoCloseable {
    private static final int BATCH_CHANGES = 512;
    private static final long BATCH_BYTES = 256 * 1024;
    private static final Duration IDLE = Duration.ofMillis(20);

    /** Between two signs of life while nothing is read. */
    private static final Duration ALIVE_EVERY = Duration.ofMillis(100);

    private final ChangeStream stream;
    private final BlockingQueue<Batch> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final long aheadBytes;
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private final Waiter rested = new Waiter();
    private volatile boolean rests;
    private volatile boolean closed;

    /**
     * A piece of the stream.
     *
     * @param idleAt when nothing more was waiting: every commit before it has been delivered; else zero
     */
    record Batch(List<Change> changes, Lsn idleAt, long bytes) {}

    private static final Batch NOTHING = new Batch(List.of(), Lsn.ZERO, 0);

    Receiver(ChangeStream stream, String name, long memoryBytes) {
        this(stream, name, memoryBytes, BATCH_BYTES);
    }

    /** @param aheadBytes so much more is read while the queue is full and nobody takes from it */
    Receiver(ChangeStream stream, String name, long memoryBytes, long aheadBytes) {
        this.aheadBytes = aheadBytes;
        this.stream = stream;
        this.queue = new ArrayBlockingQueue<>(Math.clamp(memoryBytes / (4 * BATCH_BYTES), 4, 256));
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::read);
        thread.start();
    }

    /** The next batch, or null when none came in time; throws what ended the reading, after everything read before. */
    @Nullable
    Batch poll(Duration most) throws InterruptedException {
        Batch batch = queue.poll(most.toNanos(), TimeUnit.NANOSECONDS);
        if (batch != null) {
            queuedBytes.addAndGet(-batch.bytes());
            return batch;
        }
        Throwable why = failure;
        if (why instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (why instanceof Error error) {
            throw error;
        }
        return null;
    }

    /** Lets whoever polls look up at once; any thread. A full queue means that nobody is waiting. */
    void nudge() {
        queue.offer(NOTHING);
    }

    /**
     * Whether to leave the stream alone for now, so that its source sends and soon decodes nothing more; any thread. At
     * most what is being read at this moment is still put into the queue.
     */
    void rest(boolean wanted) {
        if (rests != wanted) {
            rests = wanted;
            rested.wake();
        }
    }

    /** Whether everything read so far has been taken. */
    boolean nothingWaits() {
        return queue.isEmpty();
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    private void read() {
        try {
            List<Change> changes = new ArrayList<>();
            long bytes = 0;
            boolean crowded = false;
            while (!closed) {
                if (rests && changes.isEmpty()) {
                    awaitRested();
                    continue;
                }
                Change change = stream.poll(changes.isEmpty() || crowded ? IDLE : Duration.ZERO);
                if (change != null) {
                    changes.add(change);
                    bytes += bytes(change);
                }
                boolean much = changes.size() >= BATCH_CHANGES || bytes >= BATCH_BYTES;
                if (change != null && !much) {
                    continue;
                }
                Batch batch = new Batch(changes, change == null ? stream.received() : Lsn.ZERO, bytes);
                crowded = !offered(batch);
                if (crowded && much && (bytes >= aheadBytes || aheadBytes <= BATCH_BYTES)) {
                    put(batch);
                    crowded = false;
                }
                if (!crowded) {
                    changes = new ArrayList<>();
                    bytes = 0;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error why) {
            failure = why;
        }
    }

    private void awaitRested() throws InterruptedException {
        rested.awaitUntil(() -> !rests || closed, Deadline.after(Clock.system(), ALIVE_EVERY));
        stream.stayAlive();
    }

    /** What is empty tells only that nothing is waiting, which it is while something is in the queue. */
    private boolean offered(Batch batch) {
        if (batch.changes().isEmpty()) {
            return !queue.isEmpty() || queue.offer(batch);
        }
        queuedBytes.addAndGet(batch.bytes());
        if (queue.offer(batch)) {
            return true;
        }
        queuedBytes.addAndGet(-batch.bytes());
        return false;
    }

    private void put(Batch batch) throws InterruptedException {
        queuedBytes.addAndGet(batch.bytes());
        while (!closed && !queue.offer(batch, ALIVE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            // The writer is behind. The driver sends our feedback from its own timer only while it reads, so say
            // again what is confirmed; the server then keeps the connection however long this takes.
            stream.stayAlive();
        }
    }

    private static long bytes(Change change) {
        return switch (change) {
            case Change.Insert insert -> 48 + insert.row().bytes();
            case Change.Update update -> 64 + update.row().bytes() + bytes(update.old());
            case Change.Delete delete -> 48 + delete.old().bytes();
            case Change.Message message -> 64 + message.content().length();
            case Change.Begin _, Change.Origin _, Change.Described _, Change.Truncate _, Change.Commit _ -> 64;
        };
    }

    private static long bytes(@Nullable Tuple tuple) {
        return tuple == null ? 0 : tuple.bytes();
    }

    @Override
    public void close() {
        closed = true;
        rested.wake();
        stream.close();
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
