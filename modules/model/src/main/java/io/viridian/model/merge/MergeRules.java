package io.viridian.model.merge;

import java.util.Set;

/**
 * The rules of the protocol that a mutation can bend, each as a question. Everything else asks here.
 *
 * @param mistakes none for the protocol as it is meant
 */
record MergeRules(Set<MergeMutation> mistakes) {
    MergeRules {
        mistakes = Set.copyOf(mistakes);
    }

    boolean makes(MergeMutation mistake) {
        return mistakes.contains(mistake);
    }

    boolean comparesPositions() {
        return makes(MergeMutation.LSN_READ_BEFORE_SNAPSHOT) || makes(MergeMutation.LSN_READ_AFTER_SNAPSHOT);
    }

    /** Whether the lane, standing at a marker of this range, has to leave it to the merge of the chunk. */
    boolean waitsAtMarker(Chunk chunk, int position) {
        return !makes(MergeMutation.LANE_PASSES_MARKER) && isMarkerOf(chunk, position);
    }

    /** Whether a marker of this range at this position ends this attempt. */
    boolean isMarkerOf(Chunk chunk, int position) {
        return chunk instanceof Chunk.Marked marked
                && (marked.marker() == position || makes(MergeMutation.MARKER_WITHOUT_ATTEMPT));
    }

    /** Whether a recorded event is missing in the rows that were read. */
    boolean isMissingIn(Chunk.Read read, int transaction, int position) {
        return comparesPositions() ? position >= read.notedPosition() : (read.snapshot() >> transaction & 1) == 0;
    }

    /** Two commits for one transaction: which half comes first, when it is not one commit. */
    boolean splitsCommit() {
        return makes(MergeMutation.PROGRESS_AFTER_DATA) || makes(MergeMutation.PROGRESS_BEFORE_DATA);
    }
}
