package io.viridian.model.merge;

/**
 * The memory of the daemon: lost in a crash.
 *
 * @param received how many records the receiver has passed
 * @param applied how many of them the ordered lane has dealt with
 * @param copied the ranges whose changes it applies: the ledger as it was read at the start, and what it merged since
 * @param unsettled transactions received and not yet proven visible: the set U of the protocol
 * @param low the attempt at the low range
 * @param high the attempt at the high range
 * @param lane what the ordered lane is doing
 */
record Daemon(int received, int applied, int copied, int unsettled, Chunk low, Chunk high, Lane lane) {
    enum Lane {
        RUNNING,
        /** Between two commits that should have been one. */
        HALF_DONE,
        /** Stopped with a reason: a partial image found no row. */
        HALTED
    }

    static Daemon startedAt(int position, int ledger) {
        return new Daemon(position, position, ledger, 0, Chunk.IDLE, Chunk.IDLE, Lane.RUNNING);
    }

    Chunk chunk(Range range) {
        return range == Range.LOW ? low : high;
    }

    boolean hasCopied(Range range) {
        return (copied & range.bit()) != 0;
    }

    Daemon withChunk(Range range, Chunk chunk) {
        return range == Range.LOW
                ? new Daemon(received, applied, copied, unsettled, chunk, high, lane)
                : new Daemon(received, applied, copied, unsettled, low, chunk, lane);
    }

    Daemon withReceived(int position) {
        return new Daemon(position, applied, copied, unsettled, low, high, lane);
    }

    Daemon withApplied(int position) {
        return new Daemon(received, position, copied, unsettled, low, high, lane);
    }

    /** The attempt at this range is committed. */
    Daemon withCopied(Range range) {
        return new Daemon(received, applied, copied | range.bit(), unsettled, low, high, lane)
                .withChunk(range, Chunk.IDLE);
    }

    Daemon withUnsettled(int transactions) {
        return new Daemon(received, applied, copied, transactions, low, high, lane);
    }

    Daemon withLane(Lane now) {
        return new Daemon(received, applied, copied, unsettled, low, high, now);
    }

    boolean isRunning() {
        return lane == Lane.RUNNING;
    }

    @Override
    public String toString() {
        return "received " + received + " lane " + applied + (isRunning() ? "" : " " + lane) + " U "
                + History.names(unsettled) + attempt(Range.LOW) + attempt(Range.HIGH);
    }

    private String attempt(Range range) {
        return chunk(range) instanceof Chunk.Idle ? "" : " " + range + " " + chunk(range);
    }
}
