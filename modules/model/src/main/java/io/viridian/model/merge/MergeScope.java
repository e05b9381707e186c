package io.viridian.model.merge;

import java.util.List;

/**
 * How much is explored at once. Everything together would be hundreds of millions of states, so the dimensions are
 * combined in pairs: long histories with overlapping chunks, long ones with a mishap, short ones with two.
 *
 * @param name heads reports
 * @param histories what the applications do, one after the other
 * @param mishaps how many times a chunk attempt may fail or the daemon die
 * @param chunksOverlap whether both chunks may be read at the same time
 * @param queue how many records the receiver may be ahead of the lane
 */
public record MergeScope(String name, List<History> histories, int mishaps, boolean chunksOverlap, int queue) {
    private static final MergeScope OVERLAPPING_CHUNKS = new MergeScope(
            "three transactions, overlapping chunks, no mishap",
            List.of(History.INDEPENDENT, History.PATCHED_THEN_REMOVED, History.REMOVED_THEN_INSERTED),
            0,
            true,
            2);
    private static final MergeScope ONE_MISHAP = new MergeScope(
            "three transactions, one chunk after the other, one mishap",
            List.of(History.REMOVED_THEN_INSERTED),
            1,
            false,
            2);
    /** Two mishaps matter: the second may come while the daemon still recovers from the first. */
    private static final MergeScope TWO_MISHAPS = new MergeScope(
            "two transactions, one chunk after the other, two mishaps", List.of(History.SHORT), 2, false, 3);

    /** What the protocol is checked on. */
    public static final List<MergeScope> ALL = List.of(OVERLAPPING_CHUNKS, ONE_MISHAP, TWO_MISHAPS);

    public MergeScope {
        histories = List.copyOf(histories);
    }

    /** The smallest scope that shows a mistake. */
    static MergeScope of(MergeMutation mistake) {
        return new MergeScope(
                mistake.name(), List.of(History.SHORT, History.SHORT_INDEPENDENT), mistake.mishaps(), false, 3);
    }

    List<MergeState> firstDays() {
        return histories.stream()
                .map(history -> MergeState.firstDay(history, mishaps))
                .toList();
    }

    int transactions() {
        return histories.stream().mapToInt(History::transactionCount).max().orElseThrow();
    }

    @Override
    public String toString() {
        return name;
    }
}
