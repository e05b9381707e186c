package io.viridian.replication.backfill;

import io.viridian.plan.TableName;
import io.viridian.postgres.Session;

/**
 * Builds the key index of a target that was loaded without one, on a session that is outside a transaction. Safe to
 * call when it is there already.
 */
@FunctionalInterface
public interface KeyBuilder {
    void buildKey(Session session, TableName target);
}
