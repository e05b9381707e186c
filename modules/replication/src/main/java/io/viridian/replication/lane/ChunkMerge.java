package io.viridian.replication.lane;

import io.viridian.replication.apply.RowChange;
import io.viridian.replication.merge.ChunkWindow;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A chunk whose rows are on the target, not committed, and whose marker is on its way. When the marker comes through,
 * the lane has the fold written and committed, on its own thread but in the chunk's session, while its worker waits.
 *
 * @param nonce of the marker
 * @param done completes when the chunk is committed; exceptionally with {@link ReadAgain} when it must be read again
 */
public record ChunkMerge(String nonce, ChunkWindow window, Fold fold, CompletableFuture<Boolean> done) {
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
}
