package io.viridian.replication.lane;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.Lane;
import io.viridian.feed.LaneStatus;
import io.viridian.feed.Marker;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.Inversion;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.replication.merge.ChunkWindow;
import io.viridian.replication.merge.Visibility;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ordered lane. Its thread opens the stream, runs a {@link LaneRun} until that fails, and opens it again when the
 * fault heals by itself; any other fault leaves the lane standing with its reason. Safe for any thread.
 */
public final class ApplyLane implements Lane {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyLane.class);

    /** A server that restarts is back within seconds; trying more often than every 5 s would only fill its log. */
    private static final Backoff RECONNECT =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), Integer.MAX_VALUE);

    /** A window is written in milliseconds; what takes longer waits for somebody else. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    /** Longer than any wait of a session that is not the lane's own to break: a fold waits 60 s for a lock. */
    private static final Duration STOP_AT_MOST = Duration.ofSeconds(90);

    private final LaneSettings settings;
    private final LaneParts parts;
    private final Visibility visibility;
    private final Mailbox mailbox = new Mailbox();
    private final HoldGate gate = new HoldGate();
    private final MarkerBoard board = new MarkerBoard();
    private final TouchedKeys touched = new TouchedKeys();
    private final LaneCounters counters;
    private final Waiter nap = new Waiter();
    private final Thread thread;
    private volatile @Nullable Fault fault;
    private volatile @Nullable LaneRun running;
    private volatile boolean stopping;
    private volatile Mode wanted;
    private volatile @Nullable Mode current;

    /** What the lane does with what it reads; compared by identity, because the same may be asked for twice. */
    private static final class Mode {
        final boolean applying;
        final Lsn from;

        Mode(boolean applying, Lsn from) {
            this.applying = applying;
            this.from = from;
        }
    }

    /**
     * What a lane works with.
     *
     * @param source where the changes come from
     * @param sourceDatabase the server behind it, for snapshots and row look-ups
     * @param target where they go
     * @param derived the targets there that queries fill
     * @param inversions of a way back, the rules with it
     * @param yields whether a lane that only watches is to leave the servers to others for the moment; it goes on all
     *     the same when somebody waits for a marker or holds it. Asked often
     * @param contest what both lanes have in common while applications write on both sides; empty at all other times
     */
    public record LaneParts(
            ChangeSource source,
            Database sourceDatabase,
            Database target,
            Collection<Route> routes,
            Collection<Derivation> derived,
            Collection<Inversion> inversions,
            ChunkLedger ledger,
            ChunkLedger.RowFetch fetch,
            Failpoints failpoints,
            BooleanSupplier yields,
            Clock clock,
            Optional<Contest> contest) {
        /** Those of a lane whose target nobody else writes to. */
        public LaneParts(
                ChangeSource source,
                Database sourceDatabase,
                Database target,
                Collection<Route> routes,
                Collection<Derivation> derived,
                Collection<Inversion> inversions,
                ChunkLedger ledger,
                ChunkLedger.RowFetch fetch,
                Failpoints failpoints,
                BooleanSupplier yields,
                Clock clock) {
            this(
                    source,
                    sourceDatabase,
                    target,
                    routes,
                    derived,
                    inversions,
                    ledger,
                    fetch,
                    failpoints,
                    yields,
                    clock,
                    Optional.empty());
        }
    }

    public ApplyLane(LaneSettings settings, LaneParts parts, boolean applying) {
        this(settings, parts, applying, Visibility.BY_XID);
    }

    ApplyLane(LaneSettings settings, LaneParts parts, boolean applying, Visibility visibility) {
        this.visibility = visibility;
        this.settings = settings;
        this.parts = parts;
        this.counters = new LaneCounters(parts.source()::spooledBytes);
        this.wanted = new Mode(applying, Lsn.ZERO);
        this.thread = Thread.ofPlatform()
                .name("viridian-lane-" + settings.direction().text())
                .daemon(true)
                .unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        int attempt = 0;
        while (!stopping) {
            long startedAt = parts.clock().nanoTime();
            try {
                runOnce();
            } catch (InterruptedException stop) {
                break;
            } catch (FaultException | Ambiguity failure) {
                attempt = parts.clock().since(startedAt).compareTo(Duration.ofSeconds(30)) > 0 ? 1 : attempt + 1;
                if (!handle(failure, attempt)) {
                    break;
                }
            } catch (RuntimeException | Error bug) {
                stand(Fault.of(FaultCode.BUG, "the " + settings.direction().text() + " lane died of " + bug), bug);
                break;
            }
        }
        counters.queued(() -> 0);
        mailbox.close(standing().orElseGet(() -> Fault.of(FaultCode.CONFLICT, "the lane is stopped")));
        board.wake();
    }

    private void runOnce() throws InterruptedException {
        current = null;
        try (LaneRun run =
                new LaneRun(settings, parts, visibility, new LaneRun.Shared(mailbox, gate, board, touched, counters))) {
            running = run;
            Mode mode = wanted;
            run.open(mode.applying, mode.from);
            fault = null;
            current = mode;
            while (!stopping) {
                mode = wanted;
                if (mode != current && run.changeMode(mode.applying, mode.from)) {
                    current = mode;
                }
                run.turn();
            }
        } finally {
            running = null;
        }
    }

    /** Whether to go on after a failure. */
    private boolean handle(RuntimeException failure, int attempt) throws Error {
        Fault why = failure instanceof FaultException known
                ? known.fault()
                : Fault.of(FaultCode.STREAM_BROKEN, String.valueOf(failure.getMessage()));
        if (stopping || Thread.currentThread().isInterrupted()) {
            return false;
        }
        if (failure instanceof FaultException known && known.code().retry() != Retry.AUTOMATIC) {
            stand(why, failure);
            return false;
        }
        fault = why;
        board.wake();
        Duration wait = RECONNECT.waitAfter(attempt);
        LOG.warn(
                "{} lane: {}. Tries again in {} ms (attempt {}). {}",
                settings.direction().text(),
                why.sentence(),
                wait.toMillis(),
                attempt,
                why.code().remedy());
        try {
            nap.await(wait);
            return true;
        } catch (InterruptedException stop) {
            return false;
        }
    }

    private void stand(Fault why, Throwable cause) {
        fault = why;
        LOG.error(
                "{} lane stands still: {}. Nothing was skipped. {}",
                settings.direction().text(),
                why.sentence(),
                why.code().remedy(),
                cause);
        board.wake();
        gate.changes().wake();
    }

    @Override
    public Direction direction() {
        return settings.direction();
    }

    @Override
    public LaneStatus status() {
        return counters.status(wanted.applying, Optional.ofNullable(fault));
    }

    @Override
    public Lsn awaitMarker(String nonce, Deadline by) throws InterruptedException {
        return board.await(nonce, by, this::standing);
    }

    @Override
    public Hold hold(Deadline by) throws InterruptedException {
        Optional<HoldGate.Ticket> ticket = gate.request(by);
        while (ticket.isEmpty()) {
            if (by.expired()) {
                throw timedOut("another hold of the lane did not end in time");
            }
            nap.await(Duration.ofMillis(5));
            ticket = gate.request(by);
        }
        LaneHold hold = new LaneHold(ticket.get());
        try {
            hold.awaitStill(by);
            return hold;
        } catch (RuntimeException | InterruptedException failure) {
            hold.close();
            throw failure;
        }
    }

    private final class LaneHold implements Hold {
        private final HoldGate.Ticket ticket;

        LaneHold(HoldGate.Ticket ticket) {
            this.ticket = ticket;
        }

        @Override
        public void applyBefore(Lsn point, Deadline by) throws InterruptedException {
            if (!gate.moveTo(ticket, point)) {
                throw timedOut("the hold had ended at its deadline");
            }
            // Something after the point, so that a quiet source does not leave the lane waiting for it.
            Markers.emit(parts.sourceDatabase(), settings.migration(), Marker.Kind.HEARTBEAT, parts.clock());
            awaitStill(by);
        }

        private void awaitStill(Deadline by) throws InterruptedException {
            while (!gate.isStill(ticket)) {
                Optional<Fault> why = standing();
                if (why.isPresent()) {
                    throw why.get().asException();
                }
                if (by.expired() || !gate.lasts(ticket)) {
                    throw timedOut("the lane did not come to a stand in time");
                }
                gate.awaitStill(ticket, Deadline.after(parts.clock(), by.remainingUpTo(Duration.ofMillis(100))));
            }
        }

        @Override
        public void close() {
            gate.release(ticket);
        }
    }

    /** Why the lane does not go on by itself, if so. */
    private Optional<Fault> standing() {
        Optional<Fault> why =
                Optional.ofNullable(fault).filter(one -> one.code().retry() != Retry.AUTOMATIC);
        return why.isEmpty() && stopping
                ? Optional.of(Fault.of(
                        FaultCode.CONFLICT, "the " + settings.direction().text() + " lane was stopped"))
                : why;
    }

    private FaultException timedOut(String what) {
        return Fault.of(
                        FaultCode.VERIFY_UNFINISHED,
                        what + " (" + settings.direction().text() + " lane)")
                .asException();
    }

    @Override
    public Optional<Map<TableName, List<List<String>>>> touched() {
        return touched.snapshot();
    }

    @Override
    public void markTouched() {
        touched.mark();
    }

    @Override
    public void forgetMarked() {
        touched.forgetMarked();
    }

    @Override
    public OptionalInt touchedKeys() {
        return touched.count();
    }

    @Override
    public Optional<Map<TableName, List<List<String>>>> takeTouched() {
        return touched.take();
    }

    @Override
    public void touch(Map<TableName, List<List<String>>> keys) {
        touched.add(keys);
    }

    @Override
    public void prepareToApply() {
        // What fails here is done again, and told, by apply.
        CompletableFuture<Boolean> _ = mailbox.post(() -> {
            counters.run().prepareToApply();
            return true;
        });
        nudge();
    }

    @Override
    public void apply(Lsn from) {
        // A switch has just proven both sides equal: what is written from here on is all that can differ.
        touched.restart();
        wanted = new Mode(true, from);
        nudge();
    }

    @Override
    public void watch() {
        wanted = new Mode(false, Lsn.ZERO);
    }

    /** Whether the lane is in the mode last asked for, with its stream open. */
    public boolean settled() {
        return wanted == current && fault == null && counters.opened();
    }

    /**
     * Opens the window of a chunk on the lane's thread.
     *
     * @return empty when a transaction too large to remember is not yet visible; try again in a moment
     */
    public Optional<ChunkWindow> openWindow(ChunkRange range, Duration most) throws InterruptedException {
        return ask(() -> counters.run().openWindow(range), most);
    }

    /** Gives up a chunk attempt whose window is open; harmless when it is not any more. */
    public void abandon(ChunkWindow window, Duration most) throws InterruptedException {
        ask(
                () -> {
                    counters.run().abandon(window);
                    return true;
                },
                most);
    }

    /** Fills a derived target from its mirrors, and keeps it from then on. Harmless for one that is filled. */
    public void build(Derivation derivation, Duration most) throws InterruptedException {
        ask(
                () -> {
                    counters.run().build(derivation);
                    return true;
                },
                most);
    }

    /** Says that a chunk waits for its marker; to be called before the marker is emitted. */
    public void expect(ChunkMerge merge, Duration most) throws InterruptedException {
        ask(
                () -> {
                    counters.run().expect(merge);
                    return true;
                },
                most);
    }

    private <T> T ask(Supplier<T> work, Duration most) throws InterruptedException {
        CompletableFuture<T> answer = mailbox.post(work);
        nudge();
        try {
            return answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(false);
            Fault why = fault;
            throw (why != null
                            ? why
                            : Fault.of(
                                    FaultCode.TIMED_OUT, "the lane did not answer within " + most.toMillis() + " ms"))
                    .asException(late);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    /** So that the lane looks up from its wait for the stream. */
    private void nudge() {
        LaneRun current = running;
        if (current != null) {
            current.nudge();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        stopping = true;
        gate.releaseAny();
        nap.wake();
        board.wake();
        thread.interrupt();
        Deadline by = Deadline.after(parts.clock(), STOP_AT_MOST);
        while (!thread.join(STOP_PATIENCE) && !by.expired()) {
            // In the middle of a statement, perhaps waiting for a lock: it must not commit after we have returned.
            LaneRun stuck = running;
            if (stuck != null) {
                stuck.abort();
            }
        }
    }
}
