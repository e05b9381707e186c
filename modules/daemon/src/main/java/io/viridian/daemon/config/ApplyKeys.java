package io.viridian.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Keys of the section apply. */
final class ApplyKeys {

    private static final int MOST_ROWS = 1_000_000;
    private static final Duration LONGEST_WINDOW = Duration.ofSeconds(10);

    private static final Presence.Defaulted<Integer> DEFAULT_WINDOW_ROWS = new Presence.Defaulted<>(
            20_000, "Beyond it a larger window no longer makes green faster, only a repetition longer.");
    private static final Presence.Defaulted<Duration> DEFAULT_WINDOW_TIME = new Presence.Defaulted<>(
            Duration.ofMillis(50), "A fifth of the steady lag promised (250ms), so that filling a window never shows.");
    private static final Presence.Defaulted<ByteSize> DEFAULT_MEMORY = new Presence.Defaulted<>(
            ByteSize.ofMebibytes(256), "Half of the 512MiB heap the daemon promises to stay within.");

    static final ConfigurationKey<Integer> WINDOW_ROWS = ConfigurationKey.defaulted(
            "apply.window-rows",
            KeyTypes.count(1, MOST_ROWS),
            DEFAULT_WINDOW_ROWS,
            "How many changed rows are committed on the target at a time.",
            "2000");
    static final ConfigurationKey<Duration> WINDOW_TIME = ConfigurationKey.defaulted(
            "apply.window-time",
            KeyTypes.duration(Duration.ofMillis(1), LONGEST_WINDOW),
            DEFAULT_WINDOW_TIME,
            "How long a window waits for more changes before it is committed. A target whose commits take longer is given"
                    + " windows as long as its last commit took, at most ten times this.",
            "100ms");
    static final ConfigurationKey<ByteSize> MEMORY = ConfigurationKey.defaulted(
            "apply.memory",
            KeyTypes.size(ByteSize.ofMebibytes(1), ByteSize.ofGibibytes(64)),
            DEFAULT_MEMORY,
            "How much of the stream is held in memory; beyond it transactions spool to apply.spool-dir.",
            "128MiB");
    static final ConfigurationKey<Path> SPOOL_DIR = ConfigurationKey.optional(
            "apply.spool-dir",
            KeyTypes.path(),
            "the directory spool of this migration inside state-dir",
            "Where transactions too large for apply.memory wait on disk.",
            "/var/tmp/viridian");

    static final List<ConfigurationKey<?>> ALL = List.of(WINDOW_ROWS, WINDOW_TIME, MEMORY, SPOOL_DIR);

    private ApplyKeys() {}
}
