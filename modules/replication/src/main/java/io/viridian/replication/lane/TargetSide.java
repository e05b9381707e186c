package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.position.Lsn;
import io.viridian.postgres.slot.ServerLog;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a lane applies what it reads or only watches, how far the target has it, and the writer while it applies.
 * Lane thread only, but for {@link #abort}.
 */
final class TargetSide implements Window.Sink, AutoCloseable {
    private final LaneSettings settings;
    private final ApplyLane.LaneParts parts;
    private final LaneRun.Shared shared;
    private final MovedRows movedRows;
    private final Runnable wake;
    private final Consumer<WindowWriter.Written> committed;

    /** While applying. */
    private volatile @Nullable WindowWriter writer;

    /** For a lane that watches and is about to apply. */
    private @Nullable TargetSession ready;

    /** Of the stream that is open. */
    private Optional<ServerLog> log = Optional.empty();

    private boolean applying;
    private Lsn appliedBefore = Lsn.ZERO;

    /**
     * A side that is not entered yet.
     *
     * @param wake called on any thread when the writer has become free or has failed; must not block
     * @param committed told of every window that is committed, when the lane asks for it
     */
    TargetSide(
            LaneSettings settings,
            ApplyLane.LaneParts parts,
            LaneRun.Shared shared,
            Runnable wake,
            Consumer<WindowWriter.Written> committed) {
        this.settings = settings;
        this.parts = parts;
        this.shared = shared;
        this.movedRows = new MovedRows(parts);
        this.wake = wake;
        this.committed = committed;
    }

    MovedRows movedRows() {
        return movedRows;
    }

    boolean applying() {
        return applying;
    }

    /** The target has every transaction that was committed before; known for a lane that watches, too. */
    Lsn appliedBefore() {
        return appliedBefore;
    }

    /**
     * Begins to apply, or to watch.
     *
     * @param from do not apply what was committed before, whatever the target says
     * @param streaming whether the stream is open already, so that it would have to be opened anew to see what passed
     */
    void enter(boolean apply, Lsn from, boolean streaming) {
        applying = apply;
        WindowWriter before = writer;
        if (before != null) {
            writer = null;
            before.close();
        }
        if (!applying) {
            appliedBefore = Lsn.max(appliedBefore, TargetSession.applied(parts.target(), settings));
            return;
        }
        TargetSession session = readySession();
        writer = new WindowWriter("viridian-writer-" + settings.direction().text(), session, writing(session), wake);
        appliedBefore = Lsn.max(session.takeOver(streaming ? log : Optional.empty()), from);
        parts.contest().ifPresent(contest -> contest.applied(settings.direction(), appliedBefore));
        requireNothingMissed(streaming);
        shared.counters().applied(appliedBefore);
        shared.counters().lossy(session.lossy());
    }

    private PartWriting writing(TargetSession session) {
        TouchedKeys touched = shared.touched();
        return parts.contest()
                .<PartWriting>map(contest ->
                        new ContestedWriting(contest, settings.direction(), session, movedRows, touched, parts.clock()))
                .orElseGet(() -> new SoleWriting(session, movedRows, touched, parts.clock()));
    }

    /** Connects, so that {@link #enter} need not. */
    void prepare() {
        if (!applying) {
            ready = readySession();
        }
    }

    private TargetSession readySession() {
        TargetSession prepared = ready;
        ready = null;
        if (prepared != null && prepared.alive()) {
            return prepared;
        }
        if (prepared != null) {
            prepared.abort();
        }
        return new TargetSession(parts.target(), settings, parts.derived(), parts.inversions(), parts.failpoints());
    }

    /**
     * A lane confirms what is committed on the target and nothing else, so a slot that is further was moved by somebody
     * else, or was made anew, or the target has forgotten commits. What lies between will never be streamed.
     *
     * @param confirmed where the slot is, now that nobody but us can move it
     */
    void requireSlotAsWeLeftIt(Lsn confirmed) {
        if (!applying || !session().moved() || !confirmed.isAfter(appliedBefore)) {
            return;
        }
        throw Fault.about(
                        FaultCode.SLOT_MOVED,
                        settings.slot(),
                        "slot " + settings.slot() + " begins at " + confirmed + ", and the target has the stream up to "
                                + appliedBefore + " only: somebody else moved the slot or made it anew, or the target "
                                + "has lost commits; what lies between is missing, so nothing more is applied")
                .asException();
    }

    /**
     * The stream that was opened just now goes on from what the target has, whichever server sends it, and nobody else
     * has taken over. A daemon that takes over raises the epoch, then ends who reads the slot: whoever connects later
     * sees the epoch here.
     */
    void requireContinuity() {
        if (!applying) {
            TargetSession.requireNotReplaced(parts.target(), settings);
        }
        Optional<ServerLog> before = applying ? session().sourceLog() : Optional.empty();
        ServerLog now = LogContinuity.require(parts.sourceDatabase(), settings.slot(), before, appliedBefore);
        log = Optional.of(now);
        if (applying && !before.equals(log)) {
            session().noteSourceLog(now);
        }
    }

    /** A transaction that is to be applied must not have passed while this lane only watched. */
    private void requireNothingMissed(boolean streaming) {
        Lsn watched = shared.counters().lastForeign();
        if (watched.isBefore(appliedBefore)) {
            return;
        }
        String what = "the transaction committed at " + watched
                + " was only watched, and the stream is to be applied from " + appliedBefore;
        if (shared.counters().confirmed().isAfter(watched)) {
            throw Fault.about(
                            FaultCode.SLOT_MOVED, settings.slot(), what + "; the source was told that it may forget it")
                    .asException();
        }
        if (streaming) {
            throw Fault.about(FaultCode.STREAM_BROKEN, settings.slot(), what + "; the stream is read again")
                    .asException();
        }
    }

    /** Waits until the part before is written, and tells of its end before another window ends. */
    @Override
    public void write(Window.Part part) {
        if (part.end() != null) {
            settle();
        }
        entered().write(part);
    }

    boolean writing() {
        WindowWriter current = writer;
        return current != null && current.busy();
    }

    /** Waits until nothing is being written, and tells of what has been committed. */
    void settle() {
        WindowWriter current = writer;
        if (current != null) {
            current.settle().ifPresent(this::tell);
        }
    }

    /** Tells of what has been committed so far; throws what the writer failed with. */
    void takeCommitted() {
        WindowWriter current = writer;
        if (current != null) {
            current.committed().ifPresent(this::tell);
        }
    }

    private void tell(WindowWriter.Written written) {
        Window.End end = written.end();
        appliedBefore = end.at();
        shared.counters().wrote(end.transactions(), end.rows());
        shared.counters().lossy(written.lossy());
        shared.counters().applied(end.at());
        committed.accept(written);
    }

    /** Commits that the target has everything up to there, of which nothing concerned it. */
    void advance(Lsn at) {
        session().commit(new Window.End(at, parts.clock().now(), 0, 0, List.of()));
        appliedBefore = at;
        parts.contest().ifPresent(contest -> contest.applied(settings.direction(), at));
        shared.counters().applied(at);
    }

    /** For the lane's own use, while it applies and nothing is being written. */
    TargetSession session() {
        return entered().session();
    }

    private WindowWriter entered() {
        WindowWriter current = writer;
        if (current == null) {
            throw new IllegalStateException("the lane does not apply");
        }
        return current;
    }

    /** Breaks the connection, whatever is being done with it; from any thread. */
    void abort() {
        WindowWriter current = writer;
        if (current != null) {
            current.abort();
        }
    }

    /** Afterwards nothing is written or committed any more. */
    @Override
    public void close() {
        WindowWriter current = writer;
        if (current != null) {
            current.close();
        }
        TargetSession prepared = ready;
        if (prepared != null) {
            prepared.close();
        }
    }
}
