package io.viridian.daemon.config;

/**
 * Blue's schemas as views on green, for applications that do not know the new schema yet.
 *
 * @param prefix what comes before the name of blue's schema
 */
public record LegacySettings(boolean enabled, String prefix) {
    public LegacySettings {
        new SettingRules().limit(LegacyKeys.PREFIX, prefix).orThrow();
    }
}
