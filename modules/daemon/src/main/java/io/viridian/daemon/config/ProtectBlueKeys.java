package io.viridian.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys of the section protect-blue. */
final class ProtectBlueKeys {

    private static final ByteSize LEAST_WAL = ByteSize.ofMebibytes(16);
    private static final ByteSize MOST_WAL = ByteSize.ofGibibytes(64 * 1024);
    private static final int MOST_SESSIONS = 100_000;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Presence.Defaulted<ByteSize> DEFAULT_MAX_SLOT_WAL = new Presence.Defaulted<>(
            ByteSize.ofGibibytes(16),
            "An hour of a busy primary, and a part of any disk that holds a database worth this.");
    private static final Presence.Defaulted<ByteSize> DEFAULT_GIVE_UP = new Presence.Defaulted<>(
            ByteSize.ofGibibytes(64),
            "Four times the pause: if that did not help, blue's disk counts more than our slot.");
    private static final Presence.Defaulted<Optional<Integer>> DEFAULT_SESSIONS = new Presence.Defaulted<>(
            Optional.of(40),
            "Under half of PostgreSQL's default of 100 connections: beyond, blue is busy with its own work.");
    private static final Presence.Defaulted<Optional<Duration>> DEFAULT_REPLICA_LAG = new Presence.Defaulted<>(
            Optional.of(Duration.ofSeconds(10)), "Readers of replicas notice stale rows at about this age.");

    static final ConfigurationKey<ByteSize> MAX_SLOT_WAL = ConfigurationKey.defaulted(
            "protect-blue.max-slot-wal",
            KeyTypes.size(LEAST_WAL, MOST_WAL),
            DEFAULT_MAX_SLOT_WAL,
            "WAL retained by our slot at which the backfill pauses: no chunk is begun until the stream has caught up.",
            "32GiB");
    static final ConfigurationKey<ByteSize> GIVE_UP_SLOT_WAL = ConfigurationKey.defaulted(
            "protect-blue.give-up-slot-wal",
            KeyTypes.size(LEAST_WAL, MOST_WAL),
            DEFAULT_GIVE_UP,
            "WAL retained by our slot at which it is dropped and the migration halts, rather than fill blue's disk.",
            "128GiB");
    static final ConfigurationKey<Optional<Integer>> ACTIVE_SESSIONS = ConfigurationKey.defaulted(
            "protect-blue.max-load.active-sessions",
            KeyTypes.orNone(KeyTypes.count(1, MOST_SESSIONS)),
            DEFAULT_SESSIONS,
            "Active sessions on blue beside ours above which the backfill slows down, to a tenth.",
            "80");
    static final ConfigurationKey<Optional<Duration>> REPLICA_LAG = ConfigurationKey.defaulted(
            "protect-blue.max-load.replica-lag",
            KeyTypes.orNone(KeyTypes.duration(SHORTEST, LONGEST)),
            DEFAULT_REPLICA_LAG,
            "Lag of blue's replicas above which the backfill slows down, to a tenth.",
            "30s");

    static final List<ConfigurationKey<?>> ALL = List.of(MAX_SLOT_WAL, GIVE_UP_SLOT_WAL, ACTIVE_SESSIONS, REPLICA_LAG);

    private ProtectBlueKeys() {}
}
