package io.viridian.replication.backfill;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.feed.Marker;
import io.viridian.feed.Snapshot;
import io.viridian.plan.Direction;
import io.viridian.plan.Route;
import io.viridian.plan.SourceRoutes;
import io.viridian.postgres.CopyPipe;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.apply.SliceWriter;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkMerge;
import io.viridian.replication.lane.Markers;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.replication.merge.ChunkWindow;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one chunk, as often as it takes: window open, snapshot, rows, marker, fold. One instance per chunk, used by
 * one worker's thread; the fold runs on the lane's thread while the worker waits.
 */
final class ChunkCopy {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkCopy.class);

    /**
     * A chunk is read again when a row moved, a table was truncated or a server went away; more means something else.
     */
    static final Backoff ATTEMPTS = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), 20);

    /** The lane is behind by seconds at most while rows are copied; what conflicts longer is a conflict. */
    private static final int CONFLICTS_MAX = 6;

    /** The lane answers between two transactions; a large one may take this long. */
    private static final Duration LANE_ANSWERS = Duration.ofMinutes(10);

    private final Parts parts;
    private final SourceRoutes routes;
    private final ChunkRange range;
    private final TableProgress progress;
    private final WorkerSessions sessions;

    /** What every chunk of a backfill works with. */
    record Parts(
            Database blue,
            Database green,
            ApplyLane lane,
            PostgresChunkLedger ledger,
            BackfillSettings settings,
            KeyBuilder keys,
            Pace pace,
            Failpoints failpoints,
            Clock clock) {}

    /** @param sessions of the worker that copies; closed after a failed attempt, left in order after a good one */
    ChunkCopy(Parts parts, SourceRoutes routes, ChunkRange range, TableProgress progress, WorkerSessions sessions) {
        this.parts = parts;
        this.routes = routes;
        this.range = range;
        this.progress = progress;
        this.sessions = sessions;
    }

    /** Returns when the chunk is merged; throws what cannot be mended by trying again. */
    void copy(RowSource rows) throws InterruptedException {
        Waiter nap = new Waiter();
        for (int attempt = 1; ; attempt++) {
            String why;
            parts.pace().awaitTurn();
            try {
                attempt(attempt, rows);
                return;
            } catch (ChunkMerge.ReadAgain again) {
                why = String.valueOf(again.getMessage());
            } catch (Ambiguity lost) {
                why = "the answer to its commit was lost";
            } catch (FaultException failure) {
                if (!mayTryAgainAfter(failure, attempt)) {
                    throw failure;
                }
                why = failure.fault().sentence();
            }
            if (!ATTEMPTS.mayTryAgainAfter(attempt)) {
                throw Fault.about(
                                FaultCode.CHUNK_FAILED,
                                range.toString(),
                                range + " was not merged in " + attempt + " attempts; the last time " + why)
                        .asException();
            }
            LOG.info("{} is read again (attempt {}): {}", range, attempt + 1, why);
            nap.await(ATTEMPTS.waitAfter(attempt));
        }
    }

    /**
     * A unique or excluded value may have gone from a row that the lane has still to change into this chunk, which is
     * ahead of the lane until its fold.
     */
    private static boolean mayTryAgainAfter(FaultException failure, int attempt) {
        String state = failure.fault().sqlState();
        if (state.equals("23505") || state.equals("23P01")) {
            return attempt < CONFLICTS_MAX;
        }
        return failure.code().retry() == Retry.AUTOMATIC && failure.code() != FaultCode.HELD_BY_ANOTHER;
    }

    /** The worker's session on blue. */
    Session reader() {
        return sessions.reader();
    }

    /** Reads the rows of the chunk in one snapshot and writes them to green; does not commit the last of them. */
    interface RowSource {
        Read read(Session writer, ChunkWindow window) throws InterruptedException;
    }

    /** What was read. */
    record Read(CopyPipe.Copied copied, String snapshot) {}

    private void attempt(int attempt, RowSource rows) throws InterruptedException {
        if (!parts.ledger().planned(range, attempt, parts.settings().daemonEpoch())) {
            // The commit whose answer was lost had happened, and the lane has read so when it started anew.
            return;
        }
        parts.failpoints().pass(CrashPoint.BACKFILL_CHUNK_PLANNED);
        ChunkWindow window = openWindow();
        boolean merged = false;
        try {
            Session writer = sessions.writer();
            parts.failpoints().pass(CrashPoint.BACKFILL_WINDOW_OPENED);
            Read read = rows.read(writer, window);
            parts.failpoints().pass(CrashPoint.BACKFILL_ROWS_COPIED);
            merge(writer, window, read);
            merged = true;
        } finally {
            if (!merged) {
                sessions.close();
                abandon(window);
            }
        }
        parts.failpoints().pass(CrashPoint.BACKFILL_AFTER_MERGE_COMMIT);
    }

    private ChunkWindow openWindow() throws InterruptedException {
        Deadline by = Deadline.after(parts.clock(), LANE_ANSWERS);
        Waiter nap = new Waiter();
        while (true) {
            Optional<ChunkWindow> window = parts.lane().openWindow(range, by.remaining());
            if (window.isPresent()) {
                return window.get();
            }
            if (by.expired()) {
                throw Fault.about(
                                FaultCode.TIMED_OUT,
                                range.toString(),
                                "a large transaction on blue did not become visible in " + LANE_ANSWERS.toMinutes()
                                        + " min, so no window could open for " + range)
                        .asException();
            }
            nap.await(Duration.ofMillis(50));
        }
    }

    private void merge(Session writer, ChunkWindow window, Read read) throws InterruptedException {
        String nonce = UUID.randomUUID().toString();
        ChunkMerge merge = new ChunkMerge(nonce, window, unseen -> fold(writer, unseen, read));
        boolean ended = false;
        try {
            parts.lane().expect(merge, LANE_ANSWERS);
            parts.blue().transaction(session -> {
                session.execute("set local synchronous_commit = local");
                Markers.emit(
                        session,
                        new Marker(
                                parts.settings().migration(),
                                Marker.Kind.CHUNK,
                                nonce,
                                parts.clock().now()));
                return true;
            });
            parts.failpoints().pass(CrashPoint.BACKFILL_MARKER_EMITTED);
            ended = merge.await(LANE_ANSWERS);
            if (!ended) {
                throw Fault.about(
                                FaultCode.TIMED_OUT,
                                range.toString(),
                                "the marker of " + range + " did not come through the stream in "
                                        + LANE_ANSWERS.toMinutes() + " min")
                        .asException();
            }
        } finally {
            if (!ended && !merge.withdraw()) {
                outliveFold(merge, writer);
            }
        }
    }

    /** The lane is folding in our session: it stays open until the lane has ended, whatever made us give up. */
    private static void outliveFold(ChunkMerge merge, Session writer) {
        boolean interrupted = false;
        for (boolean ended = false; !ended; ) {
            try {
                ended = merge.await(LANE_ANSWERS);
                if (!ended) {
                    writer.abort();
                }
            } catch (InterruptedException again) {
                interrupted = true;
            } catch (RuntimeException foldFailed) {
                // Whoever made us give up is on its way; the lane has told its own failure.
                LOG.debug("the fold of a chunk that was given up ended with {}", foldFailed.getMessage());
                ended = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the lane's thread: everything before the marker is applied, everything after it will be, on top. */
    private void fold(Session writer, List<RowChange> unseen, Read read) {
        SliceWriter slices = new SliceWriter(writer, false, (_, key) -> {
            throw new ChunkMerge.ReadAgain("row " + key + " moved within it and is not there");
        });
        Slice slice = new Slice();
        for (RowChange change : unseen) {
            if (!slice.fits(change)) {
                slices.write(slice);
                slice = new Slice();
            }
            slice.add(change);
        }
        if (!slice.isEmpty()) {
            slices.write(slice);
        }
        parts.ledger()
                .merged(
                        writer,
                        range,
                        read.copied(),
                        read.snapshot(),
                        parts.settings().daemonEpoch());
        parts.failpoints().pass(CrashPoint.BACKFILL_BEFORE_MERGE_COMMIT);
        writer.commit();
        progress.merged(read.copied().rows());
    }

    private void abandon(ChunkWindow window) throws InterruptedException {
        try {
            parts.lane().abandon(window, Duration.ofSeconds(30));
        } catch (FaultException laneGone) {
            // The lane is starting anew and has forgotten the window by itself.
            LOG.debug(
                    "window of {} went with the lane: {}",
                    range,
                    laneGone.fault().sentence());
        }
    }

    /** A stretch of keys: straight into the table, whose key index is in place. */
    Read readRange(Session reader, Session writer, ChunkWindow window) throws InterruptedException {
        reader.beginSnapshot();
        try {
            String snapshot = takeSnapshot(reader, window);
            writer.begin();
            CopyPipe.Copied copied = CopyPipe.Copied.NOTHING;
            for (Route route : routes.routes()) {
                ChunkSql sql = new ChunkSql(route);
                copied = copied.plus(pour(reader, sql.copyOut(range), writer, sql.copyIn()));
            }
            reader.commit();
            return new Read(copied, snapshot);
        } catch (RuntimeException | InterruptedException | Error failure) {
            reader.rollback();
            throw failure;
        }
    }

    String takeSnapshot(Session reader, ChunkWindow window) {
        String snapshot = reader.one("select pg_current_snapshot()::text", row -> row.text(1));
        window.readIn(Snapshot.parse(snapshot));
        parts.failpoints().pass(CrashPoint.BACKFILL_SNAPSHOT_TAKEN);
        return snapshot;
    }

    CopyPipe.Copied pour(Session reader, String copyOut, Session writer, String copyIn) throws InterruptedException {
        long[] sent = {0};
        LongConsumer stride = parts.pace().stride();
        try {
            return CopyPipe.pour(reader, copyOut, writer, copyIn, bytes -> {
                sent[0] += bytes;
                progress.copied(bytes);
                stride.accept(bytes);
            });
        } catch (RuntimeException | InterruptedException failure) {
            progress.undone(sent[0]);
            throw failure;
        }
    }

    SourceRoutes routes() {
        return routes;
    }

    ChunkRange range() {
        return range;
    }

    Direction direction() {
        return Direction.FORWARD;
    }
}
