package io.viridian.replication.lane;

import io.viridian.feed.Tuple;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.SourceLayout;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rows that changed their key without carrying their large values, read from the source. What is read may be newer than
 * the stream: until the stream has passed {@link #horizon} the target is ahead of it in these rows. Any thread.
 */
final class MovedRows {
    private final ApplyLane.LaneParts parts;
    private volatile Lsn horizon = Lsn.ZERO;

    MovedRows(ApplyLane.LaneParts parts) {
        this.parts = parts;
    }

    /**
     * The row as the source has it now.
     *
     * @param movers transactions that must be visible to whoever reads it
     */
    Optional<Tuple> read(SourceLayout source, List<String> key, Set<Long> movers) {
        Optional<Tuple> row = parts.fetch().fetch(source, key, movers);
        Lsn now = parts.sourceDatabase()
                .query(session -> session.one("select pg_current_wal_insert_lsn()::text", found -> found.lsn(1)));
        raise(now);
        return row;
    }

    private synchronized void raise(Lsn to) {
        horizon = Lsn.max(horizon, to);
    }

    /** Every change that a row read here may contain was committed on the source before it. */
    Lsn horizon() {
        return horizon;
    }
}
