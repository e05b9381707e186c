package io.viridian.model.merge;

/** How far the attempt at one range has come. Lives in memory; what survives a crash is green's ledger. */
sealed interface Chunk {
    Chunk IDLE = new Idle();

    /** A log position that was not read, because the rules in force do not need it. */
    int NOT_NOTED = -1;

    /** The same attempt after the receiver has passed one more transaction of its range. */
    Chunk recording(int transaction);

    /** No attempt is running: the range is ahead, or already copied. */
    record Idle() implements Chunk {
        @Override
        public Chunk recording(int transaction) {
            return this;
        }

        @Override
        public String toString() {
            return "idle";
        }
    }

    /** The window is open. The log position is only noted by the rules that compare positions, which are wrong. */
    record Opened(int window, int notedPosition) implements Chunk {
        @Override
        public Chunk recording(int transaction) {
            return new Opened(window | 1 << transaction, notedPosition);
        }

        @Override
        public String toString() {
            return "open(window " + History.names(window) + noted(notedPosition) + ")";
        }
    }

    /** A snapshot without a window: only the rules that open the window too late come here. */
    record Snapped(int snapshot) implements Chunk {
        @Override
        public Chunk recording(int transaction) {
            return this;
        }

        @Override
        public String toString() {
            return "snapshot " + History.names(snapshot) + " without window";
        }
    }

    /** The rows are read as of a snapshot. */
    record Read(int window, int snapshot, int notedPosition) implements Chunk {
        @Override
        public Chunk recording(int transaction) {
            return new Read(window | 1 << transaction, snapshot, notedPosition);
        }

        @Override
        public String toString() {
            return "read(window " + History.names(window) + " snapshot " + History.names(snapshot)
                    + noted(notedPosition) + ")";
        }
    }

    /** The marker is in the log; when the lane reaches it, the chunk can be merged. */
    record Marked(Read read, int marker) implements Chunk {
        @Override
        public Chunk recording(int transaction) {
            return new Marked(new Read(read.window | 1 << transaction, read.snapshot, read.notedPosition), marker);
        }

        @Override
        public String toString() {
            return read + "@" + marker;
        }
    }

    private static String noted(int position) {
        return position == NOT_NOTED ? "" : " lsn " + position;
    }
}
