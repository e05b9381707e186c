package io.viridian.replication.backfill;

import io.viridian.plan.TableName;

/** Builds the key index of a target that was loaded without one. Safe to call when it is there already. */
@FunctionalInterface
public interface KeyBuilder {
    void buildKey(TableName target);
}
