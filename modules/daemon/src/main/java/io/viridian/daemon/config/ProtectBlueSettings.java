package io.viridian.daemon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * When the migration gives way to blue.
 *
 * @param maxSlotWal retained WAL at which the backfill pauses
 * @param giveUpSlotWal retained WAL at which our slot is dropped rather than blue's disk filled
 * @param maxActiveSessions active sessions at which the backfill is throttled; empty: no limit
 * @param maxReplicaLag lag of blue's replicas at which the backfill is throttled; empty: no limit
 */
public record ProtectBlueSettings(
        ByteSize maxSlotWal,
        ByteSize giveUpSlotWal,
        Optional<Integer> maxActiveSessions,
        Optional<Duration> maxReplicaLag) {
    public ProtectBlueSettings {
        new SettingRules()
                .limit(ProtectBlueKeys.MAX_SLOT_WAL, maxSlotWal)
                .limit(ProtectBlueKeys.GIVE_UP_SLOT_WAL, giveUpSlotWal)
                .limit(ProtectBlueKeys.ACTIVE_SESSIONS, maxActiveSessions)
                .limit(ProtectBlueKeys.REPLICA_LAG, maxReplicaLag)
                .require(
                        giveUpSlotWal.compareTo(maxSlotWal) > 0,
                        ProtectBlueKeys.GIVE_UP_SLOT_WAL,
                        "must be more than protect-blue.max-slot-wal, or pausing could never help")
                .orThrow();
    }
}
