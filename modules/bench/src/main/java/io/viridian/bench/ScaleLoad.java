package io.viridian.bench;

/**
 * A load of one size and the full verification after it, each made once.
 *
 * @param size rows of the one table, or how many tables
 * @param rows of all tables together
 * @param seconds of the phase BACKFILLING
 * @param verifySeconds of a full verification when nothing else happens
 * @param heapPeakBytes what the process held at most, with what waits for the collector
 * @param heapKeptBytes the most that was left by a collection
 * @param chunks that were copied
 * @param before statements from the start of the daemon to the load
 * @param load statements while it loaded
 * @param verify statements of the verification
 */
record ScaleLoad(
        int size,
        long rows,
        double seconds,
        double verifySeconds,
        long heapPeakBytes,
        long heapKeptBytes,
        long chunks,
        Counted before,
        Counted load,
        Counted verify) {}
