package io.viridian.replication.lane;

import io.viridian.replication.apply.RowChange;
import io.viridian.replication.merge.ChunkWindow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A chunk whose rows are on the target, not committed, and whose marker is on its way. When the marker comes through,
 * the lane has the fold written and committed, on its own thread but in the chunk's session, while its worker waits.
 * The session changes hands once: either the lane takes the merge or its worker withdraws it, never both.
 */
public final class ChunkMerge {
    private final String nonce;
    private final ChunkWindow window;
    private final Fold fold;
    private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.NOBODY);
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    private enum Holder {
        NOBODY,
        LANE,
        WORKER
    }

    /** Writes what the chunk's snapshot did not see over its rows, and commits both with the ledger row. */
    @FunctionalInterface
    public interface Fold {
        void commit(List<RowChange> unseen);
    }

    /** The chunk must be read again in a newer snapshot. */
    public static final class ReadAgain extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ReadAgain(String why) {
            super(why);
        }
    }

    /** @param nonce of the marker */
    public ChunkMerge(String nonce, ChunkWindow window, Fold fold) {
        this.nonce = nonce;
        this.window = window;
        this.fold = fold;
    }

    String nonce() {
        return nonce;
    }

    ChunkWindow window() {
        return window;
    }

    /** The lane begins the fold; false when the worker has given up. */
    boolean take() {
        return holder.compareAndSet(Holder.NOBODY, Holder.LANE);
    }

    void commit(List<RowChange> unseen) {
        fold.commit(unseen);
        done.complete(true);
    }

    void failed(Throwable why) {
        done.completeExceptionally(why);
    }

    /**
     * The worker gives up.
     *
     * @return false when the lane is folding: the session is the lane's until {@link #await} returns
     */
    public boolean withdraw() {
        return holder.compareAndSet(Holder.NOBODY, Holder.WORKER);
    }

    /**
     * Waits for the end of the merge.
     *
     * @return false when it has not ended in time
     * @throws ReadAgain when the chunk must be read again, or whatever else the fold ended with
     */
    public boolean await(Duration most) throws InterruptedException {
        try {
            return done.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("the fold ended with " + failure.getCause(), failure.getCause());
        }
    }
}
