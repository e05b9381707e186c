package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.LaneStatus;
import io.viridian.position.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a lane tells about itself. Written by its thread, read by any. */
final class LaneCounters {
    private volatile Lsn applied = Lsn.ZERO;
    private volatile Lsn received = Lsn.ZERO;
    private volatile Lsn confirmed = Lsn.ZERO;
    private volatile Lsn lastForeign = Lsn.ZERO;
    private volatile @Nullable Instant lastMarker;
    private volatile @Nullable LaneRun run;
    private volatile long lossy;
    private volatile LongSupplier queued = () -> 0;
    private final LongSupplier spooled;
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();

    LaneCounters(LongSupplier spooled) {
        this.spooled = spooled;
    }

    void opened(LaneRun opened) {
        run = opened;
    }

    void closed() {
        run = null;
    }

    boolean opened() {
        return run != null;
    }

    LaneRun run() {
        LaneRun current = run;
        if (current == null) {
            throw Fault.of(FaultCode.STREAM_BROKEN, "the lane is not connected").asException();
        }
        return current;
    }

    void applied(Lsn position) {
        applied = position;
    }

    void received(Lsn position) {
        if (position.isAfter(received)) {
            received = position;
        }
    }

    void confirmed(Lsn position) {
        confirmed = position;
    }

    void marker(Instant emitted) {
        lastMarker = emitted;
    }

    void wrote(long newTransactions, long newRows) {
        transactions.addAndGet(newTransactions);
        rows.addAndGet(newRows);
    }

    /** A transaction that is not ours passed while the lane only watched. */
    void foreign(Lsn committed) {
        foreign.incrementAndGet();
        lastForeign = committed;
    }

    void lossy(long count) {
        lossy = count;
    }

    Lsn lastForeign() {
        return lastForeign;
    }

    Lsn confirmed() {
        return confirmed;
    }

    void queued(LongSupplier bytes) {
        queued = bytes;
    }

    LaneStatus status(boolean applying, Optional<Fault> fault) {
        return new LaneStatus(
                applied,
                received,
                confirmed,
                Optional.ofNullable(lastMarker),
                transactions.get(),
                rows.get(),
                foreign.get(),
                lossy,
                queued.getAsLong(),
                spooled.getAsLong(),
                applying,
                fault);
    }
}
