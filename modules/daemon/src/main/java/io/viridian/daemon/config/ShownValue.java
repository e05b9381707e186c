package io.viridian.daemon.config;

import java.util.Optional;

/**
 * A line of {@code config show}.
 *
 * @param value as it would be written, secrets masked; empty when there is none
 */
public record ShownValue(String key, Optional<String> value, Origin origin) {}
