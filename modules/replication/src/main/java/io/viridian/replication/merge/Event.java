package io.viridian.replication.merge;

import io.viridian.position.Lsn;
import io.viridian.replication.apply.RowChange;
import java.util.List;
import java.util.Optional;

/**
 * A change outside copied key space, waiting for its chunk.
 *
 * @param xid the transaction, 32 bits
 * @param commitLsn where its commit record starts
 * @param change what happened
 * @param key whose key space it concerns; empty when it concerns all (a truncate, or a table without a key)
 * @param baseless its unchanged values are not part of the chunk that will hold the row, because the row came from
 *     elsewhere by a key change: the chunk must be read again when the transaction is visible
 */
record Event(long xid, Lsn commitLsn, RowChange change, Optional<List<String>> key, boolean baseless) {}
