package io.viridian.daemon.config;

import java.time.Duration;
import java.util.List;

/** Keys of the section verify. */
final class VerifyKeys {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    private static final Presence.Defaulted<VerifyLevel> DEFAULT_LEVEL = new Presence.Defaulted<>(
            VerifyLevel.STANDARD, "It compares every row, by two sums of 64 bits and by count.");
    private static final Presence.Defaulted<Duration> DEFAULT_EVERY = new Presence.Defaulted<>(
            Duration.ofMinutes(10),
            "Several clean passes fit into verify.max-age, so one unfinished pass stops nothing.");
    private static final Presence.Defaulted<Duration> DEFAULT_MAX_AGE = new Presence.Defaulted<>(
            Duration.ofHours(1), "What was proven within the hour is what the people at the switch still remember.");

    static final ConfigurationKey<VerifyLevel> LEVEL = ConfigurationKey.defaulted(
                    "verify.level",
                    KeyTypes.choice(VerifyLevel.class),
                    DEFAULT_LEVEL,
                    "How thoroughly both sides are compared; basic is done as standard, and forensic is as little built as"
                            + " rigorous.",
                    "rigorous")
            .notYetFor(level -> !level.built(), VerifyLevel.INSTEAD);
    static final ConfigurationKey<Duration> EVERY = ConfigurationKey.defaulted(
            "verify.every",
            KeyTypes.duration(SHORTEST, LONGEST),
            DEFAULT_EVERY,
            "The pause between two passes.",
            "30m");
    static final ConfigurationKey<Duration> MAX_AGE = ConfigurationKey.defaulted(
            "verify.max-age",
            KeyTypes.duration(SHORTEST, LONGEST),
            DEFAULT_MAX_AGE,
            "How old the last clean pass may be for the gate verify.fresh.",
            "2h");

    static final List<ConfigurationKey<?>> ALL = List.of(LEVEL, EVERY, MAX_AGE);

    private VerifyKeys() {}
}
