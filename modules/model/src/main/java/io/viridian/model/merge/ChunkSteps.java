package io.viridian.model.merge;

import io.viridian.model.Action;
import io.viridian.model.merge.Chunk.Idle;
import io.viridian.model.merge.Chunk.Marked;
import io.viridian.model.merge.Chunk.Opened;
import io.viridian.model.merge.Chunk.Read;
import io.viridian.model.merge.Chunk.Snapped;
import io.viridian.model.merge.Daemon.Lane;
import io.viridian.model.merge.MergeState.Outside;
import io.viridian.model.merge.WalRecord.Marker;
import java.util.List;
import java.util.OptionalInt;

/** The life of one chunk: window, snapshot, marker, merge. */
final class ChunkSteps {
    private final MergeRules rules;
    private final ChunkMerge merge;
    private final boolean chunksOverlap;

    ChunkSteps(MergeRules rules, boolean chunksOverlap) {
        this.rules = rules;
        this.chunksOverlap = chunksOverlap;
        this.merge = new ChunkMerge(rules);
    }

    List<Action<MergeState>> actions(Range range) {
        return List.of(
                new Action<>(range + ": window opens", state -> openWindow(state, range)),
                new Action<>(range + ": log position read", state -> notePosition(state, range)),
                new Action<>(range + ": snapshot taken, rows copied", state -> takeSnapshot(state, range)),
                new Action<>(range + ": marker written", state -> writeMarker(state, range)),
                new Action<>(range + ": progress carried to the marker", state -> carryProgress(state, range)),
                new Action<>(range + ": chunk committed", state -> commit(state, range)),
                new Action<>(range + ": attempt fails", state -> fail(state, range)));
    }

    private List<MergeState> openWindow(MergeState state, Range range) {
        int seed = rules.makes(MergeMutation.WINDOW_NOT_SEEDED)
                ? 0
                : state.daemon().unsettled() & state.history().touching(range);
        boolean afterSnapshot = rules.makes(MergeMutation.WINDOW_AFTER_SNAPSHOT);
        return switch (state.daemon().chunk(range)) {
            case Idle _
            when !afterSnapshot && mayStart(state, range) -> become(state, range, new Opened(seed, Chunk.NOT_NOTED));
            case Snapped(int snapshot) -> become(state, range, new Read(seed, snapshot, Chunk.NOT_NOTED));
            case Chunk _ -> List.of();
        };
    }

    private boolean mayStart(MergeState state, Range range) {
        boolean isItsTurn = chunksOverlap || range == Range.LOW || state.green().hasCopied(Range.LOW);
        return isItsTurn && state.daemon().isRunning() && !state.green().hasCopied(range);
    }

    private List<MergeState> notePosition(MergeState state, Range range) {
        int end = state.blue().end();
        return switch (state.daemon().chunk(range)) {
            case Opened(int window, int noted)
            when noted == Chunk.NOT_NOTED && rules.makes(MergeMutation.LSN_READ_BEFORE_SNAPSHOT) ->
                become(state, range, new Opened(window, end));
            case Read(int window, int snapshot, int noted)
            when noted == Chunk.NOT_NOTED && rules.makes(MergeMutation.LSN_READ_AFTER_SNAPSHOT) ->
                become(state, range, new Read(window, snapshot, end));
            case Chunk _ -> List.of();
        };
    }

    private List<MergeState> takeSnapshot(MergeState state, Range range) {
        int snapshot = state.blue().visible() & state.history().touching(range);
        return switch (state.daemon().chunk(range)) {
            case Opened(int window, int noted)
            when noted != Chunk.NOT_NOTED || !rules.makes(MergeMutation.LSN_READ_BEFORE_SNAPSHOT) ->
                become(state, range, new Read(window, snapshot, noted));
            case Idle _
            when rules.makes(MergeMutation.WINDOW_AFTER_SNAPSHOT) && mayStart(state, range) ->
                become(state, range, new Snapped(snapshot));
            case Chunk _ -> List.of();
        };
    }

    private List<MergeState> writeMarker(MergeState state, Range range) {
        if (!(state.daemon().chunk(range) instanceof Read read) || rules.makes(MergeMutation.FOLD_WITHOUT_MARKER)) {
            return List.of();
        }
        if (rules.comparesPositions() && read.notedPosition() == Chunk.NOT_NOTED) {
            return List.of();
        }
        MergeState marked = state.with(state.blue().write(new Marker(range)));
        return become(marked, range, new Marked(read, state.blue().end()));
    }

    /** Allowed before the commit of the chunk, though that carries it too: the lane stands still in between. */
    private List<MergeState> carryProgress(MergeState state, Range range) {
        OptionalInt position = merge.due(state, range);
        boolean mayCarry = state.daemon().chunk(range) instanceof Marked
                && !state.outside().isQuiet()
                && !rules.makes(MergeMutation.MERGE_LEAVES_PROGRESS);
        if (position.isEmpty() || !mayCarry) {
            return List.of();
        }
        int carried = Math.max(state.green().progress(), position.getAsInt() + 1);
        return List.of(state.with(state.daemon(), state.green().withProgress(carried)));
    }

    /** Rows, folded events, ledger and progress in one commit; the lane goes on behind the marker. */
    private List<MergeState> commit(MergeState state, Range range) {
        OptionalInt position = merge.due(state, range);
        if (position.isEmpty()) {
            return List.of();
        }
        return List.of(merge.at(state, range, position.getAsInt())
                .map(due -> state.with(
                        state.daemon()
                                .withCopied(range)
                                .withApplied(Math.max(state.daemon().applied(), due.position())),
                        merge.commit(state.green(), due)))
                .orElseGet(() -> state.with(state.daemon().withLane(Lane.HALTED))));
    }

    /** A cancelled query, a lost connection: the window is thrown away, the range is ahead again. */
    private static List<MergeState> fail(MergeState state, Range range) {
        Outside outside = state.outside();
        if (outside.mishaps() == 0 || state.daemon().chunk(range) instanceof Idle) {
            return List.of();
        }
        return become(state.with(new Outside(outside.mishaps() - 1, outside.zombie())), range, Chunk.IDLE);
    }

    private static List<MergeState> become(MergeState state, Range range, Chunk chunk) {
        return List.of(state.with(state.daemon().withChunk(range, chunk)));
    }
}
