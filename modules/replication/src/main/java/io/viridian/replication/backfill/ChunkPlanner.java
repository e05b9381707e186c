package io.viridian.replication.backfill;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.plan.RouteSource;
import io.viridian.postgres.Database;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.time.Waiter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts one table's key space into chunks, in key order, as workers ask for them. Any thread. */
final class ChunkPlanner {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkPlanner.class);

    private final Database blue;
    private final PostgresChunkLedger ledger;
    private final RouteSource source;
    private final long daemonEpoch;
    private final long rowsPerChunk;
    private final Queue<ChunkRange> unfinished = new ArrayDeque<>();
    private int nextNumber;
    private Optional<List<String>> nextLow = Optional.empty();
    private boolean done;

    /**
     * Goes on where the ledger ends.
     *
     * @param entries the table's chunks so far, by number
     */
    ChunkPlanner(
            Database blue,
            PostgresChunkLedger ledger,
            RouteSource source,
            long daemonEpoch,
            long rowsPerChunk,
            List<PostgresChunkLedger.Entry> entries) {
        this.blue = blue;
        this.ledger = ledger;
        this.source = source;
        this.daemonEpoch = daemonEpoch;
        this.rowsPerChunk = rowsPerChunk;
        for (PostgresChunkLedger.Entry entry : entries) {
            if (!entry.merged()) {
                unfinished.add(entry.range());
            }
            nextNumber = entry.range().number() + 1;
            nextLow = entry.range().high();
            done = entry.range().high().isEmpty();
        }
    }

    /**
     * The next chunk to copy, or empty when the last was handed out. Waits while a server is away: the other workers
     * could plan nothing either.
     */
    synchronized Optional<ChunkRange> next() throws InterruptedException {
        Waiter nap = new Waiter();
        for (int attempt = 1; ; attempt++) {
            try {
                return plan();
            } catch (FaultException failure) {
                boolean heals =
                        failure.code().retry() == Retry.AUTOMATIC && failure.code() != FaultCode.HELD_BY_ANOTHER;
                if (!heals || !ChunkCopy.ATTEMPTS.mayTryAgainAfter(attempt)) {
                    throw failure;
                }
                LOG.info(
                        "no chunk of {} planned yet: {}",
                        source.name(),
                        failure.fault().sentence());
                nap.await(ChunkCopy.ATTEMPTS.waitAfter(attempt));
            }
        }
    }

    private Optional<ChunkRange> plan() {
        ChunkRange waiting = unfinished.poll();
        if (waiting != null) {
            return Optional.of(waiting);
        }
        if (done) {
            return Optional.empty();
        }
        Optional<List<String>> low = nextLow;
        Optional<List<String>> high =
                blue.query(session -> session.first(ChunkSql.boundary(source, low, rowsPerChunk), row -> row.texts(1)));
        ChunkRange range = new ChunkRange(source.name(), nextNumber, low, high, false);
        // In the ledger before anybody works on it: a later chunk may be merged first, and after a crash the ledger's
        // last chunk says where to go on.
        ledger.planned(range, 0, daemonEpoch);
        nextNumber++;
        nextLow = high;
        done = high.isEmpty();
        return Optional.of(range);
    }
}
