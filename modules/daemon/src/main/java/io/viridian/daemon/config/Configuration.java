package io.viridian.daemon.config;

import java.util.List;

/**
 * A configuration that was accepted.
 *
 * @param values every key with its value and where that came from, for {@code config show}
 */
public record Configuration(Settings settings, List<ShownValue> values) {
    public Configuration {
        values = List.copyOf(values);
    }
}
