package io.viridian.bench;

/**
 * One backlog worked off once.
 *
 * @param size transactions, or the megabytes of a single one
 * @param seconds from starting the daemon until everything is on green
 * @param heapPeakBytes what the process held at most, with what waits for the collector
 * @param heapKeptBytes the most that was left by a collection
 * @param windows commits on green
 * @param statements from starting the daemon on
 */
record ScaleDrain(int size, double seconds, long heapPeakBytes, long heapKeptBytes, long windows, Counted statements) {}
