package io.viridian.model.merge;

import io.viridian.model.merge.Chunk.Marked;
import io.viridian.model.merge.Chunk.Read;
import io.viridian.model.merge.WalRecord.Commit;
import io.viridian.model.merge.WalRecord.Marker;
import io.viridian.model.merge.Zombie.Merge;
import java.util.Optional;
import java.util.OptionalInt;

/** The commit that ends a chunk: when it is due, and what it writes. */
final class ChunkMerge {
    private final MergeRules rules;

    ChunkMerge(MergeRules rules) {
        this.rules = rules;
    }

    /** The lane position at which the chunk is to be merged now; empty while it has to wait. */
    OptionalInt due(MergeState state, Range range) {
        if (!state.daemon().isRunning() || state.green().hasCopied(range)) {
            return OptionalInt.empty();
        }
        int lane = state.daemon().applied();
        return switch (state.daemon().chunk(range)) {
            case Read _ when rules.makes(MergeMutation.FOLD_WITHOUT_MARKER) -> OptionalInt.of(lane);
            case Marked marked
            when rules.makes(MergeMutation.LANE_PASSES_MARKER) && lane > marked.marker() ->
                OptionalInt.of(marked.marker());
            case Marked marked
            when lane < state.daemon().received() && standsAtMarkerOf(state, range, marked) -> OptionalInt.of(lane);
            case Chunk _ -> OptionalInt.empty();
        };
    }

    private boolean standsAtMarkerOf(MergeState state, Range range, Marked marked) {
        int lane = state.daemon().applied();
        return state.blue().log().get(lane).equals(new Marker(range)) && rules.isMarkerOf(marked, lane);
    }

    /** What the commit writes at this position; empty when a partial image finds no row. */
    Optional<Merge> at(MergeState state, Range range, int position) {
        return switch (state.daemon().chunk(range)) {
            case Read read -> fold(state, range, read, position).map(rows -> new Merge(range, rows, position));
            case Marked marked ->
                fold(state, range, marked.read(), position).map(rows -> new Merge(range, rows, position + 1));
            case Chunk _ -> Optional.empty();
        };
    }

    /** The rows as of the snapshot, and over them, in stream order, the recorded events it did not see. */
    private Optional<Table> fold(MergeState state, Range range, Read read, int position) {
        int end = rules.makes(MergeMutation.FOLD_BEYOND_MARKER) ? state.daemon().received() : position;
        Table rows = state.blue().seenBy(state.history(), read.snapshot());
        for (int index = 0; index < end; index++) {
            if (state.blue().log().get(index) instanceof Commit(int transaction)
                    && (read.window() >> transaction & 1) != 0
                    && rules.isMissingIn(read, transaction, index)) {
                Optional<Table> folded = applyIn(range, state.history(), transaction, rows);
                if (folded.isEmpty()) {
                    return Optional.empty();
                }
                rows = folded.get();
            }
        }
        return Optional.of(rows);
    }

    private static Optional<Table> applyIn(Range range, History history, int transaction, Table table) {
        Optional<Table> result = Optional.of(table);
        for (Change change : history.changes(transaction)) {
            if (change.key().range() == range) {
                result = result.flatMap(change::applyTo);
            }
        }
        return result;
    }

    /** Green after the commit. */
    Green commit(Green green, Merge merge) {
        Green written = green.withTable(green.table().withRange(merge.range(), merge.rows()))
                .withCopied(merge.range());
        return rules.makes(MergeMutation.MERGE_LEAVES_PROGRESS)
                ? written
                : written.withProgress(Math.max(green.progress(), merge.position()));
    }

    /** Whether the predicates of the commit hold for a daemon that may have been replaced. */
    boolean isPermitted(Green green, Merge merge, int epoch) {
        boolean mine = green.epoch() == epoch || rules.makes(MergeMutation.MERGE_WITHOUT_EPOCH);
        return mine && !green.hasCopied(merge.range());
    }
}
