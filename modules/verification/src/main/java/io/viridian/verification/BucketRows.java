package io.viridian.verification;

import io.viridian.postgres.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the rows of many buckets of one side, bucket by bucket, through a cursor, holding one page and one bucket. How
 * many rows a bucket has was told before in the same snapshot, and exactly so many must come: a reading that ends early
 * is never taken for the end. One thread at a time.
 */
final class BucketRows {
    private static final int PAGE_ROWS = 2_000;

    private record Placed(long bucket, RowDigest row) {}

    private static final AtomicLong NUMBER = new AtomicLong();

    /**
     * Never used twice: the driver prepares a FETCH that it has seen often enough, and would then read the columns of
     * one cursor by the types of another.
     */
    private final String cursor = "viridian_rows_" + NUMBER.incrementAndGet();

    private final Session session;
    private final Map<Long, Totals> expected;
    private final Deque<Placed> page = new ArrayDeque<>();

    BucketRows(Session session, Map<Long, Totals> expected) {
        this.session = session;
        this.expected = expected;
    }

    /** Starts to read these buckets; the server sorts them now. */
    void open(ImageQueries queries, long mask, Collection<Long> buckets) {
        session.execute("declare " + cursor + " no scroll cursor for " + queries.rows(mask, buckets));
        turnPage();
    }

    /** All rows of the next bucket; to be asked in the order of buckets. */
    List<RowDigest> read(long bucket) {
        List<RowDigest> rows = new ArrayList<>();
        long left = expected.getOrDefault(bucket, Totals.NOTHING).rows();
        while (left > 0) {
            if (page.isEmpty()) {
                turnPage();
            }
            Placed next = page.poll();
            if (next == null || next.bucket() != bucket) {
                throw Unfinished.fault(session.side().text() + " gave fewer rows than it had counted: " + left
                        + " are missing in bucket " + bucket);
            }
            rows.add(next.row());
            left -= next.row().rows();
        }
        return rows;
    }

    void close() {
        if (page.isEmpty()) {
            turnPage();
        }
        if (!page.isEmpty()) {
            throw Unfinished.fault(session.side().text() + " gave more rows than it had counted");
        }
        session.execute("close " + cursor);
    }

    private void turnPage() {
        page.addAll(session.list(
                "fetch forward " + PAGE_ROWS + " from " + cursor,
                row -> new Placed(row.number(1), RowDigest.read(row, 2))));
    }
}
