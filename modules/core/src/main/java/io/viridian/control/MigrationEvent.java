package io.viridian.control;

import java.time.Instant;

/**
 * Something that happened.
 *
 * @param number counts up; ask for what came after it
 * @param type like {@code state.changed}, {@code operation.finished}, {@code verification.clean}
 */
public record MigrationEvent(long number, Instant at, String type, String text) {}
