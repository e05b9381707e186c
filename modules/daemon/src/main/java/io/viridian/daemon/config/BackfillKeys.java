package io.viridian.daemon.config;

import java.util.List;
import java.util.Optional;

/** Keys of the section backfill. */
final class BackfillKeys {

    /** More copying sessions than this would starve any primary. */
    private static final int MOST_WORKERS = 64;

    private static final ByteSize LARGEST_CHUNK = ByteSize.ofGibibytes(64);
    private static final ByteSize SLOWEST = ByteSize.ofKibibytes(64);

    private static final Presence.Defaulted<Integer> DEFAULT_WORKERS = new Presence.Defaulted<>(
            2, "Two streams keep green writing while blue reads; more take cores away from blue's own work.");
    private static final Presence.Defaulted<ByteSize> DEFAULT_WHOLE_TABLE = new Presence.Defaulted<>(
            ByteSize.ofGibibytes(2),
            "Copied in minutes, so its snapshot holds blue's vacuum back no longer, and indexes are built once.");
    private static final Presence.Defaulted<ByteSize> DEFAULT_CHUNK = new Presence.Defaulted<>(
            ByteSize.ofMebibytes(64),
            "Seconds of work: little to repeat after a crash, yet few chunks to keep count of.");
    private static final Presence.Defaulted<Optional<ByteRate>> DEFAULT_MAX_RATE = new Presence.Defaulted<>(
            Optional.empty(),
            "protect-blue throttles by what blue feels; a fixed rate is for networks that are paid for.");

    static final ConfigurationKey<Integer> WORKERS = ConfigurationKey.defaulted(
            "backfill.workers",
            KeyTypes.count(1, MOST_WORKERS),
            DEFAULT_WORKERS,
            "How many sessions copy existing rows at the same time.",
            "4");
    static final ConfigurationKey<ByteSize> WHOLE_TABLE_UP_TO = ConfigurationKey.defaulted(
            "backfill.whole-table-up-to",
            KeyTypes.size(new ByteSize(0), ByteSize.ofGibibytes(1024)),
            DEFAULT_WHOLE_TABLE,
            "Tables up to this size are copied as one chunk, with indexes built after the load.",
            "8GiB");
    static final ConfigurationKey<ByteSize> CHUNK_BYTES = ConfigurationKey.defaulted(
            "backfill.chunk-bytes",
            KeyTypes.size(ByteSize.ofKibibytes(8), LARGEST_CHUNK),
            DEFAULT_CHUNK,
            "How much of a larger table is copied at a time.",
            "128MiB");
    static final ConfigurationKey<Optional<ByteRate>> MAX_RATE = ConfigurationKey.defaulted(
            "backfill.max-rate",
            KeyTypes.orNone(KeyTypes.rate(new ByteRate(SLOWEST))),
            DEFAULT_MAX_RATE,
            "The most that all copying sessions together may read from blue.",
            "100MiB/s");

    static final List<ConfigurationKey<?>> ALL = List.of(WORKERS, WHOLE_TABLE_UP_TO, CHUNK_BYTES, MAX_RATE);

    private BackfillKeys() {}
}
