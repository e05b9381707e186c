package io.viridian.replication.lane;

import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Consecutive source transactions on their way into one target transaction. A transaction larger than a window is
 * written slice by slice within that one target transaction, so memory stays bounded and the commit stays whole.
 */
final class Window {
    private static final long SLICE_BYTES = 8L * 1024 * 1024;

    /** How much longer than asked for a window may collect when the target is slow: half a second by default. */
    private static final int SLOW_TARGET = 10;

    /**
     * A last transaction older than this, by two clocks that may differ, is a backlog: the source reads its log as fast
     * as it can, and a moment in which nothing is waiting is no end of it.
     */
    private static final Duration BACKLOG = Duration.ofSeconds(1);

    private final LaneSettings settings;
    private final Clock clock;
    private final TouchedKeys touched;
    private Slice slice = new Slice();
    private long rows;
    private long transactions;
    private long startedNanoTime;
    private Duration lastWrite = Duration.ZERO;
    private Lsn end = Lsn.ZERO;
    private Instant sourceTime = Instant.EPOCH;
    private boolean awaited;
    private final List<PassedMarker> markers = new ArrayList<>();

    /** A marker inside the window, to be announced once the window is committed. */
    record PassedMarker(String nonce, Lsn position, Instant emitted, boolean heartbeat) {}

    /** Takes what is more than one slice can hold; nothing of it is committed yet. */
    interface Sink {
        /** Answers the keys of rows that were written besides, by target. */
        Map<TableName, List<List<String>>> write(Slice slice, boolean strict);
    }

    Window(LaneSettings settings, Clock clock, TouchedKeys touched) {
        this.settings = settings;
        this.clock = clock;
        this.touched = touched;
    }

    void add(RowChange change, Sink target, boolean strict) {
        if (slice.isEmpty() && rows == 0) {
            startedNanoTime = clock.nanoTime();
        }
        if (!slice.fits(change)) {
            writeSlice(target, strict);
        }
        slice.add(change);
        rows++;
        if (slice.size() >= settings.windowRows() || slice.bytes() >= SLICE_BYTES) {
            writeSlice(target, strict);
        }
    }

    /** Somebody waits for every marker but a heartbeat. */
    void mark(PassedMarker marker) {
        markers.add(marker);
        awaited |= !marker.heartbeat();
    }

    /** A source transaction ended; its changes are all in. */
    void ended(Lsn endLsn, Instant committedAt) {
        end = endLsn;
        sourceTime = committedAt;
        transactions++;
    }

    /** Whether it should be committed now although more transactions are waiting. */
    boolean full() {
        return awaited
                || rows >= settings.windowRows()
                || slice.bytes() >= SLICE_BYTES
                || (rows > 0 && clock.since(startedNanoTime).compareTo(patience()) >= 0)
                || transactions >= settings.windowRows();
    }

    /**
     * Whether to wait for more although nothing is waiting. What a commit costs beside its rows would be taken from
     * the source, which has a backlog to send; clocks that differ make it wait no longer than for a full window.
     */
    boolean collects() {
        return rows > 0 && !full() && Duration.between(sourceTime, clock.now()).compareTo(BACKLOG) > 0;
    }

    /**
     * A window collects for as long as the last one took to be written: what a commit costs beside its rows is then
     * spread over more of them the more it costs, and a lane that has fallen behind catches up.
     */
    private Duration patience() {
        Duration most = settings.windowTime().multipliedBy(SLOW_TARGET);
        Duration least = settings.windowTime();
        return lastWrite.compareTo(most) > 0 ? most : lastWrite.compareTo(least) < 0 ? least : lastWrite;
    }

    boolean hasRows() {
        return rows > 0;
    }

    boolean isEmpty() {
        return transactions == 0;
    }

    long rows() {
        return rows;
    }

    long transactions() {
        return transactions;
    }

    Lsn end() {
        return end;
    }

    List<PassedMarker> markers() {
        return List.copyOf(markers);
    }

    void commit(TargetSession target, boolean strict) {
        long began = clock.nanoTime();
        writeSlice(target, strict);
        target.commit(end, sourceTime, transactions, rows);
        lastWrite = clock.since(began);
    }

    void clear() {
        slice = new Slice();
        rows = 0;
        transactions = 0;
        awaited = false;
        markers.clear();
    }

    private void writeSlice(Sink target, boolean strict) {
        if (!slice.isEmpty()) {
            touched.add(slice);
            touched.add(target.write(slice, strict));
            slice = new Slice();
        }
    }
}
