package io.viridian.replication.merge;

import io.viridian.feed.Snapshot;
import io.viridian.position.Lsn;

/**
 * The rule by which backfill and stream are merged: whether what was read in a snapshot includes a streamed
 * transaction. There is one right answer, {@link #BY_XID}; a test replaces it by the comparison of positions that
 * suggests itself, to show that this loses rows (protocol §0, finding 1).
 */
@FunctionalInterface
public interface Visibility {
    /**
     * A transaction is streamed when its commit record is flushed and becomes visible some time later: ask the
     * snapshot.
     */
    Visibility BY_XID = (taken, xid, commitLsn) -> taken.sees(xid);

    boolean includes(Snapshot taken, long xid, Lsn commitLsn);
}
