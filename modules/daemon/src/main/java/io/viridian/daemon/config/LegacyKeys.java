package io.viridian.daemon.config;

import java.util.List;

/** Keys of the section legacy. */
final class LegacyKeys {

    private static final Presence.Defaulted<Boolean> DEFAULT_ENABLED = new Presence.Defaulted<>(
            false, "Applications are usually ready for the new schema when it is switched to.");
    private static final Presence.Defaulted<String> DEFAULT_PREFIX =
            new Presence.Defaulted<>("legacy_", "It tells what the schema is for.");

    static final ConfigurationKey<Boolean> ENABLED = ConfigurationKey.defaulted(
            "legacy.enabled",
            KeyTypes.flag(),
            DEFAULT_ENABLED,
            "Whether green gets views that look like blue's tables, made when the load is done.",
            "true");
    static final ConfigurationKey<String> PREFIX = ConfigurationKey.defaulted(
            "legacy.prefix",
            KeyTypes.matching("lower-case letters, digits and _, beginning with a letter", "[a-z][a-z0-9_]{0,30}"),
            DEFAULT_PREFIX,
            "What comes before the name of blue's schema in the name of that with its views.",
            "old_");

    static final List<ConfigurationKey<?>> ALL = List.of(ENABLED, PREFIX);

    private LegacyKeys() {}
}
