package io.viridian.replication.canary;

import io.viridian.plan.Direction;

/**
 * How many conflicts of a kind went one way.
 *
 * @param direction which way the row that stays was carried
 * @param outcome blue-wins, green-wins or agreed
 */
public record ConflictCount(Direction direction, ConflictKind kind, String outcome) {}
