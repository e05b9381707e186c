package io.viridian.verification;

import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * From "the sums differ" to "these rows differ", in the snapshots in which the sums were taken. Both sides are grouped
 * into buckets by a number computed from the key; buckets with equal sums are done. The rows of the others are read as
 * keys and digests, a bucket at a time, so that memory does not depend on how much differs.
 */
final class Narrowing {
    /** A bucket is held in memory on both sides: some 200 kB. */
    private static final long BUCKET_ROWS = 1_000;

    /** The sums of all buckets of both sides are held in memory: some 20 MB. */
    private static final long MOST_BUCKETS = 1L << 16;

    /** What the server sorts at once, on disk if need be: one or two GB for tables of which every row differs. */
    private static final long SLICE_ROWS = 20_000_000;

    private final SessionPair sessions;
    private final ImageQueries source;
    private final ImageQueries target;
    private final Deadline by;

    Narrowing(SessionPair sessions, ImageQueries source, ImageQueries target, Deadline by) {
        this.sessions = sessions;
        this.source = source;
        this.target = target;
        this.by = by;
    }

    void into(Differences differences, long rows) throws InterruptedException {
        long mask = buckets(rows) - 1;
        SessionPair.Both<Map<Long, Totals>> totals = sessions.ask(
                "narrowing a difference down",
                session -> totals(session, source.buckets(mask)),
                session -> totals(session, target.buckets(mask)),
                by);
        for (List<Long> slice : slices(totals)) {
            BucketRows fromSource = new BucketRows(sessions.source(), totals.source());
            BucketRows fromTarget = new BucketRows(sessions.target(), totals.target());
            read(differences, mask, slice, new SessionPair.Both<>(fromSource, fromTarget));
        }
    }

    private void read(Differences differences, long mask, List<Long> buckets, SessionPair.Both<BucketRows> rows)
            throws InterruptedException {
        sessions.ask(
                "sorting the rows that differ",
                _ -> opened(rows.source(), source, mask, buckets),
                _ -> opened(rows.target(), target, mask, buckets),
                by);
        for (long bucket : buckets) {
            differences.count(
                    Surplus.of(rows.source().read(bucket), rows.target().read(bucket)));
        }
        rows.source().close();
        rows.target().close();
        differences.tell(sessions, source, target, by);
    }

    private static boolean opened(BucketRows rows, ImageQueries queries, long mask, List<Long> buckets) {
        rows.open(queries, mask, buckets);
        return true;
    }

    static long buckets(long rows) {
        long wanted = Long.highestOneBit(Math.max(1, rows / BUCKET_ROWS));
        return Math.min(wanted, MOST_BUCKETS);
    }

    private static Map<Long, Totals> totals(Session session, String sql) {
        Map<Long, Totals> totals = new HashMap<>();
        Statements.list(session, sql, row -> totals.put(row.number(1), Totals.read(row, 2)));
        return totals;
    }

    /** The buckets that differ, in order, cut into slices of bounded size. */
    private static List<List<Long>> slices(SessionPair.Both<Map<Long, Totals>> totals) {
        Set<Long> all = new TreeSet<>(totals.source().keySet());
        all.addAll(totals.target().keySet());
        List<List<Long>> slices = new ArrayList<>();
        long room = 0;
        for (long bucket : all) {
            Totals onSource = totals.source().getOrDefault(bucket, Totals.NOTHING);
            Totals onTarget = totals.target().getOrDefault(bucket, Totals.NOTHING);
            if (onSource.equals(onTarget)) {
                continue;
            }
            if (slices.isEmpty() || room <= 0) {
                slices.add(new ArrayList<>());
                room = SLICE_ROWS;
            }
            slices.getLast().add(bucket);
            room -= Math.max(onSource.rows(), onTarget.rows());
        }
        return slices;
    }
}
