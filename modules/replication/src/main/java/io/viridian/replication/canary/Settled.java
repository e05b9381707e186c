package io.viridian.replication.canary;

import io.viridian.plan.RowKey;

/** A row that is equal on both sides now. */
record Settled(RowKey row, ConflictCount count) {}
