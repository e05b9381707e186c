package io.viridian.replication.lane;

import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.replication.merge.ChunkWindow;
import io.viridian.replication.merge.KeySpace;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The chunks that wait for their markers: what happened to their rows since they were read is folded into them when the
 * stream has come that far. Lane thread only.
 */
final class ChunkFolds {
    private final KeySpace space;
    private final Map<String, ChunkMerge> merges = new HashMap<>();

    ChunkFolds(KeySpace space) {
        this.space = space;
    }

    void expect(ChunkMerge merge) {
        merges.put(merge.nonce(), merge);
    }

    void abandon(ChunkWindow window) {
        merges.values().removeIf(merge -> merge.window() == window);
        space.abandoned(window);
    }

    /** Everything before this marker is committed on the target; harmless for a marker of somebody else. */
    void passed(String nonce) {
        ChunkMerge merge = merges.remove(nonce);
        if (merge != null) {
            fold(merge);
        }
    }

    private void fold(ChunkMerge merge) {
        ChunkWindow folded = merge.window();
        if (!merge.take()) {
            space.abandoned(folded);
            return;
        }
        Optional<String> again = folded.mustBeReadAgain();
        if (again.isPresent()) {
            space.abandoned(folded);
            merge.failed(new ChunkMerge.ReadAgain(again.get()));
            return;
        }
        try {
            merge.commit(folded.fold());
            space.copied(folded.range());
        } catch (FaultException refused) {
            space.abandoned(folded);
            merge.failed(refused);
            if (refused.code().retry() == Retry.AUTOMATIC) {
                throw refused;
            }
        } catch (ChunkMerge.ReadAgain incomplete) {
            space.abandoned(folded);
            merge.failed(incomplete);
        } catch (RuntimeException | Error unknown) {
            // After an ambiguity only the ledger knows whether the chunk is committed; this run ends and the next one
            // reads it, once the transaction in doubt is over: taking over the progress row waits for that.
            merge.failed(unknown);
            throw unknown;
        }
    }

    /** None of them can be folded any more. */
    void startedAnew() {
        String why = "the lane started anew";
        space.spoilWindows(why);
        merges.values().forEach(merge -> merge.failed(new ChunkMerge.ReadAgain(why)));
        merges.clear();
    }
}
