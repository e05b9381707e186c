package io.viridian.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects everything that is wrong with a section, so that its record refuses once and completely. */
final class SettingRules {
    private final List<InvalidSettings.Violation> violations = new ArrayList<>();

    /** The value must be one its key would accept from a file. */
    <T> SettingRules limit(ConfigurationKey<T> key, T value) {
        return require(key.type().accepts(value), key, "must be " + key.type().rule());
    }

    <T> SettingRules limit(ConfigurationKey<T> key, Optional<T> value) {
        return value.map(present -> limit(key, present)).orElse(this);
    }

    SettingRules require(boolean claim, ConfigurationKey<?> key, String otherwise) {
        if (!claim) {
            violations.add(new InvalidSettings.Violation(key, otherwise));
        }
        return this;
    }

    void orThrow() {
        if (!violations.isEmpty()) {
            throw new InvalidSettings(violations);
        }
    }
}
