package io.viridian.replication.backfill;

import io.viridian.plan.Route;
import io.viridian.plan.SourceRoutes;
import io.viridian.plan.TableName;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How far one table is. Written by workers, read by any thread. */
public final class TableProgress {
    private final SourceRoutes routes;
    private final long totalBytes;
    private final long estimatedRows;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger chunks = new AtomicInteger();
    private volatile String state = "waiting";

    TableProgress(SourceRoutes routes, long totalBytes, long estimatedRows) {
        this.routes = routes;
        this.totalBytes = totalBytes;
        this.estimatedRows = estimatedRows;
    }

    public TableName source() {
        return routes.name();
    }

    /** Where its rows go; at least one. */
    public List<TableName> targets() {
        return routes.routes().stream().map(Route::target).toList();
    }

    public long totalBytes() {
        return totalBytes;
    }

    public long estimatedRows() {
        return estimatedRows;
    }

    public long rows() {
        return rows.get();
    }

    public long bytes() {
        return bytes.get();
    }

    public int chunks() {
        return chunks.get();
    }

    /** The contract's word: waiting, copying, copied. */
    public String state() {
        return state;
    }

    void is(String now) {
        state = now;
    }

    void copied(long newBytes) {
        bytes.addAndGet(newBytes);
    }

    void undone(long lostBytes) {
        bytes.addAndGet(-lostBytes);
    }

    void merged(long newRows) {
        rows.addAndGet(newRows);
        chunks.incrementAndGet();
    }

    void restored(int mergedChunks, long mergedRows, long mergedBytes) {
        chunks.set(mergedChunks);
        rows.set(mergedRows);
        bytes.set(mergedBytes);
    }
}
