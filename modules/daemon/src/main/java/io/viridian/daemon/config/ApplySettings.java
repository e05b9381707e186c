package io.viridian.daemon.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How captured changes are written.
 *
 * @param windowRows a window is committed at this many rows
 * @param windowTime … or after this time, whichever comes first
 * @param memory beyond it transactions spool to {@code spoolDir}
 */
public record ApplySettings(int windowRows, Duration windowTime, ByteSize memory, Path spoolDir) {
    public ApplySettings {
        new SettingRules()
                .limit(ApplyKeys.WINDOW_ROWS, windowRows)
                .limit(ApplyKeys.WINDOW_TIME, windowTime)
                .limit(ApplyKeys.MEMORY, memory)
                .orThrow();
    }
}
