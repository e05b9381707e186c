package io.viridian.migration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The durable memory of one migration: append-only, ordered by sequence number, which is also the lock. Whoever appends
 * on top of an entry that is no longer the last has lost the race and must stop.
 */
public interface Journal {
    /** The last entry, or empty when the migration never began or nothing of it is left. */
    Optional<Entry> last();

    /** The newest entries, newest first. */
    List<Entry> history(int most);

    /**
     * Writes the state that follows {@code after} (sequence number 0 for the very first).
     *
     * @throws io.viridian.fault.FaultException with CONFLICT when another daemon wrote first
     */
    Entry append(long after, MigrationState state);

    /**
     * One line of the journal.
     *
     * @param sequence counts from 1 without gaps
     */
    record Entry(long sequence, MigrationState state, Instant enteredAt, String daemon) {}
}
