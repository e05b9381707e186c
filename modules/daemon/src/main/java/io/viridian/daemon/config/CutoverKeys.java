package io.viridian.daemon.config;

import io.viridian.migration.ConflictPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keys of the section cutover, but for its traffic. */
final class CutoverKeys {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Presence.Defaulted<CutoverMode> DEFAULT_MODE = new Presence.Defaulted<>(
            CutoverMode.MANUAL, "Nobody should find writes on green without having asked for it.");
    private static final Presence.Defaulted<CutoverFence> DEFAULT_FENCE =
            new Presence.Defaulted<>(CutoverFence.GUARD, "Nobody gets around a trigger by a setting of his own.");
    private static final Presence.Defaulted<Duration> DEFAULT_MAX_LAG =
            new Presence.Defaulted<>(Duration.ofSeconds(1), "Drained well within the write pause budget.");
    private static final Presence.Defaulted<Duration> DEFAULT_STABLE_FOR = new Presence.Defaulted<>(
            Duration.ofSeconds(30), "Longer than a checkpoint spike, shorter than anybody's patience.");
    private static final Presence.Defaulted<Duration> DEFAULT_BUDGET = new Presence.Defaulted<>(
            Duration.ofSeconds(3), "Ten times the pause expected, and below the usual timeouts of clients.");
    private static final Presence.Defaulted<Duration> DEFAULT_LONGEST_WRITER = new Presence.Defaulted<>(
            Duration.ofSeconds(1), "Every waiting writer waits for it, so it is a part of the budget.");
    private static final Presence.Defaulted<List<ConnectionUrl>> DEFAULT_PROBE =
            new Presence.Defaulted<>(List.of(), "Viridian has no roles of the applications unless it is given one.");

    private static final Presence.Defaulted<Integer> DEFAULT_APPROVALS =
            new Presence.Defaulted<>(0, "Whoever works alone could never cut over.");

    /** More people than that are a meeting. */
    private static final int MOST_APPROVALS = 10;

    static final ConfigurationKey<CutoverMode> MODE = ConfigurationKey.defaulted(
            "cutover.mode",
            KeyTypes.choice(CutoverMode.class),
            DEFAULT_MODE,
            "Whether the switch waits for an operator or begins by itself once every gate passes.",
            "auto");
    static final ConfigurationKey<CutoverFence> FENCE = ConfigurationKey.defaulted(
            "cutover.fence",
            KeyTypes.choice(CutoverFence.class),
            DEFAULT_FENCE,
            "What closes blue behind the switch: a trigger on every table, or read-only and ended sessions with a weaker promise.",
            "sessions");
    static final ConfigurationKey<Duration> MAX_LAG = ConfigurationKey.defaulted(
            "cutover.max-lag",
            KeyTypes.duration(SHORTEST, LONGEST),
            DEFAULT_MAX_LAG,
            "The lag at or below which the switch may begin.",
            "500ms");
    static final ConfigurationKey<Duration> STABLE_FOR = ConfigurationKey.defaulted(
            "cutover.stable-for",
            KeyTypes.duration(Duration.ZERO, LONGEST),
            DEFAULT_STABLE_FOR,
            "How long the lag must have been that low without interruption.",
            "1m");
    static final ConfigurationKey<Duration> WRITE_PAUSE_BUDGET = ConfigurationKey.defaulted(
            "cutover.write-pause-budget",
            KeyTypes.duration(SHORTEST, LONGEST),
            DEFAULT_BUDGET,
            "How long writers may wait; a switch that would take longer is undone.",
            "5s");
    static final ConfigurationKey<Instant> NOT_BEFORE = ConfigurationKey.optional(
            "cutover.window.not-before",
            KeyTypes.instant(),
            "at any time",
            "The earliest moment of the switch.",
            "2026-12-01T02:00:00Z");
    static final ConfigurationKey<Instant> NOT_AFTER = ConfigurationKey.optional(
            "cutover.window.not-after",
            KeyTypes.instant(),
            "at any time",
            "The latest moment at which the switch may begin.",
            "2026-12-01T04:00:00Z");
    static final ConfigurationKey<Duration> LONGEST_WRITER = ConfigurationKey.defaulted(
            "cutover.longest-writer",
            KeyTypes.duration(SHORTEST, LONGEST),
            DEFAULT_LONGEST_WRITER,
            "The age of the oldest writing transaction at which the switch may begin.",
            "2s");

    private static final Presence.Defaulted<List<String>> DEFAULT_END_IDLE =
            new Presence.Defaulted<>(List.of(), "Whose transaction may be thrown away only its owner knows.");

    static final ConfigurationKey<List<String>> END_IDLE = ConfigurationKey.defaulted(
            "cutover.end-idle-in-transaction",
            KeyTypes.listOf(KeyTypes.text()),
            DEFAULT_END_IDLE,
            "Application names whose sessions a switch may end when they keep it waiting, idle in a transaction.",
            "[\"nightly report\"]");

    static final ConfigurationKey<List<ConnectionUrl>> PROBE = ConfigurationKey.defaulted(
            "cutover.probe",
            KeyTypes.listOf(KeyTypes.connectionUrl()),
            DEFAULT_PROBE,
            "How applications connect, each as a role of theirs: a switch is done when all of these reach the new owner.",
            "[\"postgresql://app:${file:/run/secrets/app}@pooler:6432/shop\"]");

    static final ConfigurationKey<Integer> APPROVALS = ConfigurationKey.defaulted(
            "cutover.approvals",
            KeyTypes.count(0, MOST_APPROVALS),
            DEFAULT_APPROVALS,
            "How many people other than the one who asks for the cutover must have approved it (`viridian approve`).",
            "1");

    private static final Presence.Defaulted<Duration> DEFAULT_CANARY_FOR =
            new Presence.Defaulted<>(Duration.ofMinutes(30), "Long enough to see an application's day-to-day writes.");
    private static final Presence.Defaulted<ConflictPolicy> DEFAULT_CONFLICTS =
            new Presence.Defaulted<>(ConflictPolicy.HALT, "Which row is right nobody knows better than its owner.");

    static final ConfigurationKey<Duration> CANARY_FOR = ConfigurationKey.defaulted(
            "cutover.canary.for",
            KeyTypes.duration(Duration.ofSeconds(1), LONGEST),
            DEFAULT_CANARY_FOR,
            "How long both sides stay writable after `viridian canary start`, unless that says otherwise.",
            "10m");
    static final ConfigurationKey<ConflictPolicy> CANARY_CONFLICTS = ConfigurationKey.defaulted(
            "cutover.canary.conflicts",
            KeyTypes.choice(ConflictPolicy.class),
            DEFAULT_CONFLICTS,
            "Which row stays when both sides have changed it meanwhile, unless that says otherwise.",
            "blue-wins");

    static final List<ConfigurationKey<?>> ALL = List.of(
            MODE,
            FENCE,
            MAX_LAG,
            STABLE_FOR,
            WRITE_PAUSE_BUDGET,
            NOT_BEFORE,
            NOT_AFTER,
            LONGEST_WRITER,
            END_IDLE,
            APPROVALS,
            CANARY_FOR,
            CANARY_CONFLICTS,
            PROBE);

    private CutoverKeys() {}
}
