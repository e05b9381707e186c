package io.viridian.daemon.config;

/**
 * When the way back gives way to green.
 *
 * @param maxSlotWal retained WAL at which it is told that green fills
 * @param giveUpSlotWal retained WAL at which the slot is dropped and the way back closed
 */
public record ProtectGreenSettings(ByteSize maxSlotWal, ByteSize giveUpSlotWal) {
    public ProtectGreenSettings {
        new SettingRules()
                .limit(ProtectGreenKeys.MAX_SLOT_WAL, maxSlotWal)
                .limit(ProtectGreenKeys.GIVE_UP_SLOT_WAL, giveUpSlotWal)
                .require(
                        giveUpSlotWal.compareTo(maxSlotWal) > 0,
                        ProtectGreenKeys.GIVE_UP_SLOT_WAL,
                        "must be more than protect-green.max-slot-wal, or nobody would be warned")
                .orThrow();
    }
}
