package io.viridian.replication.lane;

import io.viridian.feed.Tuple;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.MissingRow;
import io.viridian.replication.apply.SourceLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rows that changed their key without carrying their large values, read from the source. What is read may be newer than
 * the stream: until the stream has passed {@link #horizon} the target is ahead of it in these rows. Lane thread only.
 */
final class MovedRows implements MissingRow {
    private final ApplyLane.LaneParts parts;
    private final Set<Long> movers = new HashSet<>();
    private Lsn horizon = Lsn.ZERO;

    MovedRows(ApplyLane.LaneParts parts) {
        this.parts = parts;
    }

    /** This transaction moves such a row: whoever reads the row must see the transaction. */
    void movedBy(long xid) {
        movers.add(xid);
    }

    /** The moves so far are committed on the target. */
    void committed() {
        movers.clear();
    }

    @Override
    public Optional<Tuple> read(SourceLayout source, List<String> key) {
        Optional<Tuple> row = parts.fetch().fetch(source, key, Set.copyOf(movers));
        horizon = parts.sourceDatabase()
                .query(session -> session.one("select pg_current_wal_insert_lsn()::text", found -> found.lsn(1)));
        return row;
    }

    /** Every change that a row read here may contain was committed on the source before it. */
    Lsn horizon() {
        return horizon;
    }
}
