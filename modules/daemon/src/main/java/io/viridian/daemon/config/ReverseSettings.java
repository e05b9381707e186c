package io.viridian.daemon.config;

import java.time.Duration;

/**
 * The stream from green back to blue after the switch, which makes a rollback lossless.
 *
 * @param keepFor how long after the switch it is kept
 */
public record ReverseSettings(boolean enabled, Duration keepFor) {
    public ReverseSettings {
        new SettingRules().limit(ReverseKeys.KEEP_FOR, keepFor).orThrow();
    }
}
