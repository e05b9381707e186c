package io.viridian.replication.lane;

import io.viridian.position.Lsn;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive source transactions on their way into one target transaction, while they are collected. A transaction
 * larger than a window is handed on slice by slice for that one target transaction, so memory stays bounded and the
 * commit stays whole. Lane thread only.
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
    private final Sink writer;
    private final boolean apart;
    private Slice slice = new Slice();
    private Set<Long> movers = new HashSet<>();
    private boolean complete;
    private Lsn first = Lsn.ZERO;
    private Lsn current = Lsn.ZERO;
    private long rows;
    private long transactions;
    private long startedNanoTime;
    private Duration lastWrite = Duration.ZERO;
    private Lsn end = Lsn.ZERO;
    private Instant sourceTime = Instant.EPOCH;
    private boolean awaited;
    private List<PassedMarker> markers = new ArrayList<>();

    /** A marker inside the window, to be announced once the window is committed. */
    record PassedMarker(String nonce, Lsn position, Instant emitted, boolean heartbeat) {}

    /**
     * What is handed on in one go.
     *
     * @param slice perhaps empty, if the window ends here
     * @param committed where the last transaction with something in it was committed
     * @param footing of all of the window up to here
     * @param end after which the target commits; null when more of the window follows
     */
    record Part(
            Slice slice,
            Lsn committed,
            Footing footing,
            @Nullable End end) {}

    /**
     * What may be expected of the target's rows.
     *
     * @param complete whether all rows were copied when the window began
     * @param first where its first transaction was committed
     * @param movers transactions so far that change a row's key: whoever reads such a row must see them
     */
    record Footing(boolean complete, Lsn first, Set<Long> movers) {
        /** Whether every row must be found as the stream left it. */
        boolean strict(Lsn horizon) {
            return complete && !first.isBefore(horizon);
        }
    }

    /**
     * The end of a window.
     *
     * @param at every transaction committed before is in this window or an earlier one
     * @param sourceTime when the source committed the last of them
     */
    record End(Lsn at, Instant sourceTime, long transactions, long rows, List<PassedMarker> markers) {}

    /** Takes parts in their order. */
    interface Sink {
        void write(Part part);
    }

    Window(LaneSettings settings, Clock clock, Sink writer) {
        this(settings, clock, writer, false);
    }

    /** @param apart whether no part may hold changes of two transactions */
    Window(LaneSettings settings, Clock clock, Sink writer, boolean apart) {
        this.settings = settings;
        this.clock = clock;
        this.writer = writer;
        this.apart = apart;
    }

    /** A source transaction begins. */
    void begins(Lsn commitLsn, boolean everythingCopied) {
        if (apart && !slice.isEmpty()) {
            handOn(null);
        }
        current = commitLsn;
        if (transactions == 0) {
            first = commitLsn;
            complete = everythingCopied;
        }
    }

    /** This transaction changes a row's key. */
    void movedBy(long xid) {
        movers.add(xid);
    }

    /** Those of this window so far. */
    Set<Long> movers() {
        return Set.copyOf(movers);
    }

    void add(RowChange change) {
        if (slice.isEmpty() && rows == 0) {
            startedNanoTime = clock.nanoTime();
        }
        if (!slice.fits(change)) {
            handOn(null);
        }
        slice.add(change);
        rows++;
        if (slice.size() >= settings.windowRows() || slice.bytes() >= SLICE_BYTES) {
            handOn(null);
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

    /** Whether it must be committed now although more transactions are waiting. */
    boolean full() {
        return awaited
                || rows >= settings.windowRows()
                || slice.bytes() >= SLICE_BYTES
                || transactions >= settings.windowRows();
    }

    /** Whether it has collected for long enough. */
    boolean due() {
        return full() || (rows > 0 && clock.since(startedNanoTime).compareTo(patience()) >= 0);
    }

    /**
     * Whether to wait for more although nothing is waiting. What a commit costs beside its rows would be taken from
     * the source, which has a backlog to send; clocks that differ make it wait no longer than for a full window.
     */
    boolean collects() {
        return rows > 0 && !due() && Duration.between(sourceTime, clock.now()).compareTo(BACKLOG) > 0;
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

    boolean hasMarkers() {
        return !markers.isEmpty();
    }

    /** How long the last window took to be written and committed. */
    void took(Duration time) {
        lastWrite = time;
    }

    /** As if all of it were handed on. */
    End end() {
        return new End(end, sourceTime, transactions, rows, List.copyOf(markers));
    }

    /** Hands on what is left of it, with its end, and begins the next one. */
    void handOn() {
        handOn(end());
        clear();
    }

    /** Begins the next one. */
    void clear() {
        slice = new Slice();
        movers = new HashSet<>();
        rows = 0;
        transactions = 0;
        awaited = false;
        markers = new ArrayList<>();
    }

    private void handOn(@Nullable End ending) {
        Slice full = slice;
        slice = new Slice();
        writer.write(new Part(full, current, new Footing(complete, first, movers()), ending));
    }
}
