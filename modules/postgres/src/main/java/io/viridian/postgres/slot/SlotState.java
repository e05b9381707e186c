package io.viridian.postgres.slot;

import io.viridian.position.Lsn;
import java.util.Optional;

/**
 * A logical slot as {@code pg_replication_slots} shows it (manual 14-18, section 54.19).
 *
 * @param confirmed everything before it was confirmed by us
 * @param retainedBytes the log kept on the server because of this slot
 * @param walStatus reserved, extended, unreserved or lost
 * @param safeBytes how much more can be written before the slot is lost; empty when there is no limit
 * @param activePid the walsender that uses it, empty when nobody does
 */
public record SlotState(
        String name,
        Lsn confirmed,
        Lsn restart,
        long retainedBytes,
        String walStatus,
        Optional<Long> safeBytes,
        Optional<Integer> activePid) {
    public boolean lost() {
        return walStatus.equals("lost");
    }
}
