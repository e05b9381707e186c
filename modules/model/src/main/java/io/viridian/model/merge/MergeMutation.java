package io.viridian.model.merge;

/** A deliberate mistake. Each must produce a counter-example, or the model does not look where it should. */
public enum MergeMutation {
    LSN_READ_BEFORE_SNAPSHOT(
            0, "the log position is read, then the snapshot is taken; events from that position on are folded"),
    LSN_READ_AFTER_SNAPSHOT(
            0, "the snapshot is taken, then the log position is read; events from that position on are folded"),
    WINDOW_NOT_SEEDED(0, "the window opens empty instead of with the members of U"),
    WINDOW_AFTER_SNAPSHOT(0, "the window opens, and is seeded, after the snapshot was taken"),
    FOLD_WITHOUT_MARKER(0, "the chunk is committed as soon as it is read, wherever the lane is"),
    FOLD_BEYOND_MARKER(0, "everything recorded is folded, also what stands behind the marker in the stream"),
    LANE_PASSES_MARKER(0, "the lane does not wait at the marker until the chunk is committed"),
    MARKER_WITHOUT_ATTEMPT(1, "the marker names the chunk but not the attempt"),
    CONFIRM_BEYOND_UNSETTLED(1, "the slot is confirmed up to the progress, past members of U"),
    CONFIRM_BEFORE_RECEIVED(
            2, "after a restart the slot is confirmed up to the progress before the stream has come so far again"),
    RESTREAM_FROM_PROGRESS(1, "after a restart the stream is requested from the progress row on"),
    PROGRESS_AFTER_DATA(1, "rows are committed first, progress in a second commit"),
    PROGRESS_BEFORE_DATA(1, "progress is committed first, rows in a second commit"),
    MERGE_LEAVES_PROGRESS(1, "the commit of a chunk does not carry progress to its marker"),
    MERGE_WITHOUT_EPOCH(1, "the commit of a chunk does not check the daemon's epoch"),
    RESTART_WITHOUT_WAITING(
            1, "a restarted daemon reads the ledger while the commit of a chunk by its predecessor is in flight");

    private final int mishaps;
    private final String mistake;

    MergeMutation(int mishaps, String mistake) {
        this.mishaps = mishaps;
        this.mistake = mistake;
    }

    public String mistake() {
        return mistake;
    }

    /** How often something has to go wrong besides; no more is allowed, so that the trace shows the mistake alone. */
    int mishaps() {
        return mishaps;
    }
}
