package io.viridian.replication.lane;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.Marker;
import io.viridian.feed.Snapshot;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.TypeName;
import io.viridian.position.Lsn;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.replication.merge.ChunkWindow;
import io.viridian.replication.merge.KeySpace;
import io.viridian.replication.merge.Visibility;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lane from the opening of its stream to its failure or stop. Lane thread only, except that the mailbox carries
 * requests to it.
 */
final class LaneRun implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(10);

    /** While rows are being copied: how often the source is asked what has become visible. */
    private static final Duration SETTLE_EVERY = Duration.ofMillis(100);

    /** Several heartbeats. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final LaneSettings settings;
    private final ApplyLane.LaneParts parts;
    private final Shared shared;
    private final KeySpace space;
    private final Set<String> ourOrigins;
    private final ChunkFolds folds;
    private final Window window;
    private final MovedRows movedRows;
    private final Waiter nap = new Waiter();

    private final TargetSide target;
    private volatile @Nullable ChangeStream stream;
    private volatile @Nullable Receiver receiver;
    private @Nullable ChangeReader reader;

    /** On the way forward of a plan with derived targets. */
    private volatile @Nullable MirrorFollower mirrors;

    private Lsn confirmed = Lsn.ZERO;
    private long settledAt;

    /** When the last window had ended. */
    private long endedAt;

    private boolean inTransaction;
    private Change.@Nullable Begin begin;
    private boolean ours;
    private boolean foreignRows;

    /** Where the source had nothing more to send; zero when something came since. */
    private Lsn idleAt = Lsn.ZERO;

    /** What outlives a run. */
    record Shared(Mailbox mailbox, HoldGate gate, MarkerBoard board, TouchedKeys touched, LaneCounters counters) {}

    LaneRun(LaneSettings settings, ApplyLane.LaneParts parts, Visibility visibility, Shared shared) {
        this.settings = settings;
        this.parts = parts;
        this.shared = shared;
        this.space = new KeySpace(parts.routes(), settings.memoryBytes() / LaneSettings.SHARES, visibility);
        this.ourOrigins = Set.of(
                LaneSettings.originOf(settings.migration(), Direction.FORWARD),
                LaneSettings.originOf(settings.migration(), Direction.REVERSE),
                LaneSettings.settlingOriginOf(settings.migration()));
        this.folds = new ChunkFolds(space);
        this.target = new TargetSide(settings, parts, shared, this::nudge, this::committed);
        this.window =
                new Window(settings, parts.clock(), target, parts.contest().isPresent());
        this.movedRows = target.movedRows();
    }

    void open(boolean apply, Lsn from) {
        target.enter(apply, from, false);
        if (parts.ledger().complete()) {
            Plan.sources(parts.routes()).forEach(one -> space.finished(one.name()));
        } else {
            parts.ledger().finishedTables().forEach(space::finished);
            parts.ledger().merged().forEach(space::copied);
        }
        Map<TypeName, Long> types = SourceTypes.of(parts.routes(), parts.sourceDatabase());
        reader = new ChangeReader(parts.routes(), types);
        mirrors = parts.derived().isEmpty() ? null : new MirrorFollower(settings, parts, types);
        ChangeStream opened = parts.source().open();
        stream = opened;
        target.requireContinuity();
        target.requireSlotAsWeLeftIt(parts.sourceDatabase()
                .query(session -> Slots.inspect(session, settings.slot()))
                .map(SlotState::confirmed)
                .orElse(Lsn.ZERO));
        String name = "viridian-receiver-" + settings.direction().text();
        long share = settings.memoryBytes() / LaneSettings.SHARES;
        // The other lane waits for what is read here, and this one perhaps for that one.
        receiver = parts.contest().isPresent()
                ? new Receiver(opened, name, share, 2 * share)
                : new Receiver(opened, name, share);
        shared.counters().queued(receiver::queuedBytes);
        endedAt = parts.clock().nanoTime();
        shared.counters().opened(this);
    }

    /** Connects, so that {@link #changeMode} need not; the lane goes on watching. */
    void prepareToApply() {
        target.prepare();
    }

    /**
     * Begins to apply, or to watch, with the stream kept open: opening it anew would lengthen the write pause.
     *
     * @return false in the middle of a transaction; ask again after the next turn
     */
    boolean changeMode(boolean apply, Lsn from) {
        if (inTransaction) {
            return false;
        }
        commitAll();
        target.enter(apply, from, true);
        return true;
    }

    /** Takes what comes next, or does what is to be done while nothing comes. */
    void turn() throws InterruptedException {
        Receiver from = opened(receiver);
        boolean yields = yields();
        from.rest(yields);
        if (yields) {
            nap.await(POLL);
            between();
            return;
        }
        Receiver.Batch batch = from.poll(POLL);
        target.takeCommitted();
        if (batch != null) {
            for (Change change : batch.changes()) {
                process(change);
            }
            if (!batch.changes().isEmpty() || batch.idleAt().isAfter(Lsn.ZERO)) {
                idleAt = batch.idleAt();
            }
        }
        // What came while this was processed is better written together with it.
        if (idleAt.isAfter(Lsn.ZERO) && from.nothingWaits()) {
            shared.counters().received(idleAt);
            idle(idleAt);
        }
        between();
    }

    private boolean yields() {
        return !target.applying()
                && parts.yields().getAsBoolean()
                && !shared.board().awaited()
                && !shared.gate().held();
    }

    private void between() throws InterruptedException {
        if (inTransaction) {
            return;
        }
        if (!space.complete() && parts.clock().since(settledAt).compareTo(SETTLE_EVERY) > 0) {
            settle();
        }
        if (!shared.mailbox().isEmpty()) {
            shared.mailbox().read();
        }
        buildWhatIsNotKept();
        standStillIfHeld(Lsn.ZERO);
    }

    /** After a rollback what queries fill is as green's application left it. */
    private void buildWhatIsNotKept() {
        if (!target.applying() || !space.complete()) {
            return;
        }
        if (parts.derived().isEmpty() || target.writing()) {
            return;
        }
        for (Derivation derivation : parts.derived()) {
            if (!target.session().keeps(derivation)) {
                build(derivation);
            }
        }
    }

    /** Nothing more is waiting: every commit before {@code at} was delivered. */
    private void idle(Lsn at) throws InterruptedException {
        if (inTransaction) {
            return;
        }
        if (!window.collects() && (window.hasRows() || window.hasMarkers()) && !target.writing()) {
            commitWindow();
        }
        if (!target.applying()) {
            shared.counters().applied(at);
            confirm(at);
        } else if (isQuiet() && at.isAfter(target.appliedBefore())) {
            target.advance(at);
            ended(new Window.End(at, parts.clock().now(), 0, 0, List.of()));
        }
        standStillIfHeld(at);
    }

    /**
     * Not even a heartbeat comes any more: the source may be shutting down, and then it waits until all that it has
     * sent is confirmed (manual 14-18, section 55.4, a primary keepalive message).
     */
    private boolean isQuiet() {
        return !window.hasRows()
                && !window.hasMarkers()
                && !target.writing()
                && parts.clock().since(endedAt).compareTo(QUIET) >= 0;
    }

    private void process(Change change) throws InterruptedException {
        ChangeReader reader = opened(this.reader);
        switch (change) {
            case Change.Begin begun -> begin(begun);
            case Change.Origin origin -> ours = ourOrigins.contains(origin.name());
            case Change.Described described -> described(described.table());
            case Change.Insert _, Change.Update _, Change.Delete _, Change.Truncate _ when ours -> mirror(change);
            case Change.Insert insert -> row(reader.insert(insert));
            case Change.Update update -> row(reader.update(update));
            case Change.Delete delete -> row(reader.delete(delete));
            case Change.Truncate truncate ->
                truncate.tables().forEach(table -> row(new RowChange.Truncate(reader.layout(table.name()))));
            case Change.Message message -> message(message);
            case Change.Commit commit -> commit(commit);
        }
    }

    private void described(Change.SourceTable table) {
        opened(reader).described(table);
        MirrorFollower following = mirrors;
        if (following != null) {
            following.described(table);
        }
    }

    /** What the other direction wrote is where it comes from; only what is computed from it here has to follow. */
    private void mirror(Change change) {
        MirrorFollower following = mirrors;
        if (following == null) {
            return;
        }
        // Blue's own rows and ours come in turns, as the writes change sides: each is committed before the other.
        commitAll();
        following.row(change, opened(begin).commitLsn());
    }

    private void followMirrors() {
        MirrorFollower following = mirrors;
        if (following != null && following.waits()) {
            following.flush();
            if (target.applying()) {
                target.settle();
                target.session().lookAgainWhatIsKept();
            }
        }
    }

    private void begin(Change.Begin begun) throws InterruptedException {
        standStillIfHeld(begun.commitLsn());
        inTransaction = true;
        begin = begun;
        ours = false;
        foreignRows = false;
        window.begins(begun.commitLsn(), space.complete());
        space.begin(begun.xid(), begun.commitLsn());
    }

    private void row(RowChange change) {
        if (!target.applying()) {
            // What was applied while this side owned the writes may come by again after a restart.
            foreignRows |= pending();
            return;
        }
        followMirrors();
        try {
            space.route(change, this::applyNow);
        } catch (KeySpace.MovedWithoutValues moved) {
            RowChange.Update update = moved.update();
            if (pending()) {
                window.movedBy(opened(begin).xid());
                movedRows
                        .read(update.source(), update.key(), window.movers())
                        .ifPresent(found -> applyNow(new RowChange.Insert(update.source(), update.key(), found)));
            }
        }
    }

    private void applyNow(RowChange change) {
        if (!pending()) {
            return;
        }
        if (change instanceof RowChange.Update update && update.moves()) {
            window.movedBy(opened(begin).xid());
        }
        window.add(change);
    }

    /** Whether the transaction being read is not applied yet. */
    private boolean pending() {
        return !opened(begin).commitLsn().isBefore(target.appliedBefore());
    }

    private void message(Change.Message message) {
        if (!message.prefix().equals(Marker.PREFIX) || !message.transactional()) {
            return;
        }
        Optional<Marker> marker = Marker.parse(message.content())
                .filter(parsed -> parsed.migration().equals(settings.migration()));
        if (marker.isEmpty()) {
            return;
        }
        if (marker.get().kind() == Marker.Kind.DDL) {
            if (target.applying() && pending()) {
                throw Fault.about(
                                FaultCode.SCHEMA_CHANGED,
                                marker.get().nonce(),
                                "blue ran " + marker.get().nonce() + " in transaction "
                                        + opened(begin).xid() + "; the stream stops before it, at "
                                        + opened(begin).commitLsn())
                        .asException();
            }
            return;
        }
        boolean heartbeat = marker.get().kind() == Marker.Kind.HEARTBEAT;
        window.mark(new Window.PassedMarker(
                marker.get().nonce(), message.position(), marker.get().emitted(), heartbeat));
    }

    private void commit(Change.Commit commit) throws InterruptedException {
        Change.Begin begun = opened(begin);
        inTransaction = false;
        space.end();
        shared.counters().received(commit.endLsn());
        MirrorFollower following = mirrors;
        if (following != null) {
            following.ended(commit.endLsn());
        }
        if (foreignRows) {
            shared.counters().foreign(begun.commitLsn());
        }
        window.ended(commit.endLsn(), begun.commitTime());
        if (window.full() || (window.due() && !target.writing())) {
            commitWindow();
        }
        if (!shared.mailbox().isEmpty()) {
            shared.mailbox().read();
        }
    }

    /** Has the window written while the next one is prepared; what follows from that follows when it is committed. */
    private void commitWindow() {
        if (target.applying()
                && window.end().at().isAfter(target.appliedBefore())
                && (window.hasRows() || window.hasMarkers())) {
            window.handOn();
            // A chunk's rows come right behind its marker, and what comes after them depends on theirs.
            if (!space.complete()) {
                target.settle();
            }
            return;
        }
        target.settle();
        Window.End end = window.end();
        window.clear();
        if (!target.applying()) {
            shared.counters().applied(end.at());
        }
        ended(end);
    }

    /** Afterwards nothing of the stream is in the lane's hands, nor being written. */
    private void commitAll() {
        if (window.hasRows()) {
            commitWindow();
        }
        target.settle();
    }

    private void committed(WindowWriter.Written written) {
        window.took(written.took());
        ended(written.end());
    }

    private void ended(Window.End end) {
        endedAt = parts.clock().nanoTime();
        followMirrors();
        for (Window.PassedMarker marker : end.markers()) {
            if (marker.heartbeat()) {
                shared.counters().marker(marker.emitted());
            }
            folds.passed(marker.nonce());
            shared.board().passed(marker.nonce(), marker.position());
        }
        // What was applied before this run began is durable, but whether it is settled is known only once it came by
        // again: until then the unsettled set lacks it (the model's mutation "confirm the old progress").
        confirm(target.applying() ? Lsn.min(target.appliedBefore(), end.at()) : end.at());
    }

    /** Confirms what is durable and settled: a restart must find every unsettled transaction again. */
    private void confirm(Lsn durable) {
        followMirrors();
        Lsn safe = Lsn.min(durable, space.oldestUnsettled().orElse(durable));
        if (safe.isAfter(confirmed)) {
            parts.failpoints().pass(CrashPoint.STREAM_BEFORE_CONFIRM);
            confirmed = safe;
            opened(stream).confirm(safe);
            shared.counters().confirmed(safe);
            parts.failpoints().pass(CrashPoint.STREAM_AFTER_CONFIRM);
        }
    }

    private void settle() {
        settledAt = parts.clock().nanoTime();
        String now = parts.sourceDatabase()
                .query(session -> session.one("select pg_current_snapshot()::text", row -> row.text(1)));
        space.settle(Snapshot.parse(now));
    }

    private void standStillIfHeld(Lsn at) throws InterruptedException {
        while (shared.gate().blocks(at)) {
            commitAll();
            shared.gate().standing(at);
            shared.gate().changes().await(Duration.ofMillis(5));
            shared.mailbox().read();
        }
    }

    Optional<ChunkWindow> openWindow(ChunkRange range) {
        settle();
        return space.open(range);
    }

    /** The mirrors are as the stream left them, so what is made of them now can be kept from here on. */
    void build(Derivation derivation) {
        commitAll();
        target.session().build(derivation);
    }

    /** Lets the lane look at its mailbox at once; from any thread. */
    void nudge() {
        Receiver reading = receiver;
        if (reading != null) {
            reading.nudge();
        }
    }

    void abandon(ChunkWindow window) {
        folds.abandon(window);
    }

    void expect(ChunkMerge merge) {
        folds.expect(merge);
    }

    /** Breaks the connections, whatever the lane's thread is doing with them; from any thread. */
    void abort() {
        target.abort();
        MirrorFollower following = mirrors;
        if (following != null) {
            following.abort();
        }
        ChangeStream reading = stream;
        if (reading != null) {
            reading.close();
        }
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the lane's run is not open");
        }
        return part;
    }

    @Override
    public void close() {
        shared.counters().closed();
        folds.startedAnew();
        Receiver receiving = receiver;
        if (receiving != null) {
            receiving.close();
        }
        ChangeStream reading = stream;
        if (reading != null) {
            reading.close();
        }
        target.close();
        MirrorFollower following = mirrors;
        if (following != null) {
            following.close();
        }
    }
}
