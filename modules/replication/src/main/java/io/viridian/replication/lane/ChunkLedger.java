package io.viridian.replication.lane;

import io.viridian.feed.Tuple;
import io.viridian.plan.TableName;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.replication.merge.ChunkRange;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which chunks are on the target, as the lane asks when it starts. */
public interface ChunkLedger {
    /** Nothing is left to copy: every table is as the stream leaves it. */
    boolean complete();

    /** The merged chunks, of tables that are not complete. */
    List<ChunkRange> merged();

    /** Tables of which every chunk is merged. */
    List<TableName> finishedTables();

    /** A ledger for a lane without a backfill. */
    static ChunkLedger none() {
        return new ChunkLedger() {
            @Override
            public boolean complete() {
                return true;
            }

            @Override
            public List<ChunkRange> merged() {
                return List.of();
            }

            @Override
            public List<TableName> finishedTables() {
                return List.of();
            }
        };
    }

    /**
     * Reads one row of the source by its key, in a snapshot that sees the given transactions; empty when it is gone.
     */
    @FunctionalInterface
    interface RowFetch {
        Optional<Tuple> fetch(SourceLayout source, List<String> key, Collection<Long> xids);
    }
}
