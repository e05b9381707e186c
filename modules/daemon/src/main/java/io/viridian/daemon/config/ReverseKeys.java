package io.viridian.daemon.config;

import java.time.Duration;
import java.util.List;

/** Keys of the section reverse. */
final class ReverseKeys {

    private static final Presence.Defaulted<Boolean> DEFAULT_ENABLED =
            new Presence.Defaulted<>(true, "Without it a rollback loses what was written since the switch.");
    private static final Presence.Defaulted<Duration> DEFAULT_KEEP_FOR =
            new Presence.Defaulted<>(Duration.ofHours(24), "Every daily job has then run once on green.");

    static final ConfigurationKey<Boolean> ENABLED = ConfigurationKey.defaulted(
            "reverse.enabled",
            KeyTypes.flag(),
            DEFAULT_ENABLED,
            "Whether green's changes travel back to blue after the switch.",
            "false");
    static final ConfigurationKey<Duration> KEEP_FOR = ConfigurationKey.defaulted(
            "reverse.keep-for",
            KeyTypes.duration(Duration.ofMinutes(1), Duration.ofDays(365)),
            DEFAULT_KEEP_FOR,
            "How long after the switch they do.",
            "72h");

    static final List<ConfigurationKey<?>> ALL = List.of(ENABLED, KEEP_FOR);

    private ReverseKeys() {}
}
