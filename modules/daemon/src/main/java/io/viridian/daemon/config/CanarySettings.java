package io.viridian.daemon.config;

import io.viridian.migration.ConflictPolicy;
import java.time.Duration;

/**
 * A time with two writable sides.
 *
 * @param lasts how long
 * @param conflicts which row stays when both sides have changed it
 */
public record CanarySettings(Duration lasts, ConflictPolicy conflicts) {}
