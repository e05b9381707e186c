package io.viridian.daemon.config;

import java.util.List;

/** Keys of the section protect-green. */
final class ProtectGreenKeys {

    private static final ByteSize LEAST_WAL = ByteSize.ofMebibytes(16);
    private static final ByteSize MOST_WAL = ByteSize.ofGibibytes(64 * 1024);

    private static final Presence.Defaulted<ByteSize> DEFAULT_MAX_SLOT_WAL = new Presence.Defaulted<>(
            ByteSize.ofGibibytes(16),
            "As for blue: an hour of a busy primary in which blue may be mended before anybody is woken.");
    private static final Presence.Defaulted<ByteSize> DEFAULT_GIVE_UP = new Presence.Defaulted<>(
            ByteSize.ofGibibytes(64),
            "Four times the warning: green serves the applications, and counts more than the way back.");

    static final ConfigurationKey<ByteSize> MAX_SLOT_WAL = ConfigurationKey.defaulted(
            "protect-green.max-slot-wal",
            KeyTypes.size(LEAST_WAL, MOST_WAL),
            DEFAULT_MAX_SLOT_WAL,
            "WAL retained by the slot of the way back at which its gate refuses and it is told that green fills.",
            "32GiB");
    static final ConfigurationKey<ByteSize> GIVE_UP_SLOT_WAL = ConfigurationKey.defaulted(
            "protect-green.give-up-slot-wal",
            KeyTypes.size(LEAST_WAL, MOST_WAL),
            DEFAULT_GIVE_UP,
            "WAL retained by the slot of the way back at which it is dropped, and the way back closed, rather than fill"
                    + " green's disk.",
            "128GiB");

    static final List<ConfigurationKey<?>> ALL = List.of(MAX_SLOT_WAL, GIVE_UP_SLOT_WAL);

    private ProtectGreenKeys() {}
}
