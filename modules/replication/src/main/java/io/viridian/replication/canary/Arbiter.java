package io.viridian.replication.canary;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.Marker;
import io.viridian.feed.Tuple;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Direction;
import io.viridian.plan.RowKey;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.MissingRow;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.replication.lane.Contest;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.Markers;
import io.viridian.replication.lane.Orphan;
import io.viridian.replication.lane.Rival;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between both lanes while both sides are written. What a lane is about to commit is contested when the other
 * stream, read up to now, holds a change of the same row that its lane has not applied: then neither change had seen
 * the other. Clocks play no part in finding that out.
 */
public final class Arbiter implements Contest {
    private static final Logger LOG = LoggerFactory.getLogger(Arbiter.class);

    /** A window waits for a lock for a minute at most, and then some. */
    private static final Duration TURN_WITHIN = Duration.ofSeconds(90);

    /** A marker is back within milliseconds. Until then the window's rows are locked on the target. */
    private static final Duration READ_WITHIN = Duration.ofSeconds(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private final CanaryParts parts;
    private final Map<Direction, InFlight> inFlight = new EnumMap<>(Direction.class);
    private final Orphans orphans;
    private final Rivals rivals;
    private final Marks marks = new Marks();
    private final ConcurrentMap<ConflictCount, Long> counts;
    private final Semaphore turn = new Semaphore(1, true);
    private final Waiter waiter = new Waiter();
    private volatile ConflictPolicy policy;
    private volatile boolean marksKnown;
    private volatile long keptBefore;
    private final AtomicLong kept = new AtomicLong();

    public Arbiter(CanaryParts parts, ConflictPolicy policy) {
        this(parts, policy, new ConcurrentHashMap<>());
    }

    /** @param counts where what is settled is counted */
    public Arbiter(CanaryParts parts, ConflictPolicy policy, ConcurrentMap<ConflictCount, Long> counts) {
        this.counts = counts;
        this.parts = parts;
        this.policy = policy;
        this.orphans = new Orphans(parts.ties());
        this.rivals = new Rivals(parts.soles());
        Set<String> ours = Set.of(
                LaneSettings.originOf(parts.migration(), Direction.FORWARD),
                LaneSettings.originOf(parts.migration(), Direction.REVERSE),
                LaneSettings.settlingOriginOf(parts.migration()));
        for (Direction direction : Direction.values()) {
            inFlight.put(direction, new InFlight(parts.migration(), direction, parts.pairs(), ours, parts.rowsMost()));
        }
    }

    /** The source of a direction's lane, looked at while it is read. */
    public ChangeSource observed(Direction direction, ChangeSource source) {
        return new ObservedSource(source, of(direction));
    }

    /** From now on conflicts are settled so. */
    public void decideBy(ConflictPolicy other) {
        policy = other;
    }

    private InFlight of(Direction direction) {
        InFlight found = inFlight.get(direction);
        if (found == null) {
            throw new IllegalArgumentException("no direction " + direction);
        }
        return found;
    }

    @Override
    public int rowsMost() {
        return parts.rowsMost();
    }

    @Override
    public void takeTurn() {
        boolean taken;
        try {
            taken = waiter.awaitUntil(turn::tryAcquire, Deadline.after(parts.clock(), TURN_WITHIN), LOOK_EVERY);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            taken = false;
        }
        if (!taken) {
            throw busy("the other stream's lane has been writing for " + TURN_WITHIN.toSeconds() + " s");
        }
        try {
            knowMarks();
        } catch (RuntimeException failure) {
            endTurn();
            throw failure;
        }
    }

    @Override
    public void endTurn() {
        turn.release();
        waiter.wake();
    }

    /** What was settled is told by both sides; after a lost answer they are asked again. */
    private void knowMarks() {
        if (!marksKnown) {
            long found = marks.read(parts.green(), parts.migration()) + marks.read(parts.blue(), parts.migration());
            kept.set(found);
            marksKnown = true;
        }
    }

    /** Conflicts kept before count no more. */
    public void startsAnew() {
        keptBefore = marks.read(parts.green(), parts.migration()) + marks.read(parts.blue(), parts.migration());
    }

    @Override
    public List<RowChange> unsettled(Direction direction, Lsn committed, Slice slice, MissingRow missingRow) {
        if (marks.isEmpty() && slice.changes().stream().noneMatch(Arbiter::moves)) {
            return slice.changes();
        }
        List<RowChange> left = new ArrayList<>();
        for (RowChange change : slice.changes()) {
            for (RowChange part : apart(change, missingRow)) {
                if (!settled(direction, part, committed)) {
                    left.add(part);
                }
            }
        }
        return left;
    }

    private static boolean moves(RowChange change) {
        return change instanceof RowChange.Update update && update.moves();
    }

    /** A row that changes its key is one that goes and one that comes: either may be contested without the other. */
    private static List<RowChange> apart(RowChange change, MissingRow missingRow) {
        if (!(change instanceof RowChange.Update update) || !update.moves()) {
            return List.of(change);
        }
        Tuple row = update.row();
        Tuple old = update.old();
        RowChange gone = new RowChange.Delete(update.source(), update.before(), old == null ? row : old);
        Optional<Tuple> whole =
                update.source().complete(row) ? Optional.of(row) : missingRow.read(update.source(), update.key());
        return whole.<List<RowChange>>map(
                        found -> List.of(gone, new RowChange.Insert(update.source(), update.key(), found)))
                .orElse(List.of(gone));
    }

    private boolean settled(Direction direction, RowChange change, Lsn committed) {
        List<RowKey> rows = rows(direction, change);
        return !rows.isEmpty() && rows.stream().allMatch(row -> marks.settled(direction.source(), row, committed));
    }

    @Override
    public List<RowKey> rows(Direction direction, RowChange change) {
        InFlight names = of(direction);
        return switch (change) {
            case RowChange.Insert insert -> List.of(names.named(insert.source().name(), insert.key()));
            case RowChange.Delete delete -> List.of(names.named(delete.source().name(), delete.key()));
            case RowChange.Update update ->
                update.moves()
                        ? List.of(
                                names.named(update.source().name(), update.before()),
                                names.named(update.source().name(), update.key()))
                        : List.of(names.named(update.source().name(), update.key()));
            case RowChange.Truncate truncate ->
                throw Fault.about(
                                FaultCode.CANARY_BROKEN,
                                truncate.source().toString(),
                                truncate.source() + " was truncated although both sides are written")
                        .asException();
        };
    }

    /** A stream does not tell now. */
    private static final class NotTold extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotTold() {
            super(null, null, false, false);
        }
    }

    @Override
    public Optional<Set<RowKey>> contested(Direction direction, Set<RowKey> written) {
        InFlight theirs = of(direction.opposite());
        String nonce = emit(direction.target());
        Deadline by = Deadline.after(parts.clock(), READ_WITHIN);
        return awaited(theirs, nonce, by).isEmpty()
                ? Optional.empty()
                : theirs.underWay(
                        nonce, written, (row, touch) -> marks.settled(direction.target(), row, touch.committed()));
    }

    private String emit(Side side) {
        return Markers.emit(parts.on(side), parts.migration(), Marker.Kind.HEARTBEAT, parts.clock());
    }

    private static Optional<Lsn> awaited(InFlight stream, String nonce, Deadline by) {
        try {
            return stream.awaitRead(nonce, by);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public List<Orphan> orphans(Session target, Set<RowKey> written) {
        return orphans.among(target, written);
    }

    @Override
    public List<Rival> rivals(Direction direction, Session target, RowChange change, Set<RowKey> written) {
        return rows(direction, change).stream()
                .reduce((_, now) -> now)
                .map(row -> rivals.of(target, direction, row, change, written))
                .orElse(List.of());
    }

    @Override
    public boolean settle(Contested contested) {
        try {
            settleAll(contested);
            return true;
        } catch (NotTold late) {
            return false;
        } catch (FaultException busy) {
            marksKnown = false;
            if (busy.code() != FaultCode.BLUE_BUSY && busy.code() != FaultCode.GREEN_BUSY) {
                throw busy;
            }
            LOG.info("rows are settled in a moment: {}", busy.fault().detail());
            return false;
        } catch (RuntimeException failure) {
            // What was committed before is found where it was kept.
            marksKnown = false;
            throw failure;
        }
    }

    private void settleAll(Contested contested) {
        Set<RowKey> rows = new LinkedHashSet<>(contested.rows());
        contested.orphans().forEach(orphan -> rows.addAll(List.of(orphan.child(), orphan.parent())));
        contested.rivals().forEach(rival -> rows.addAll(List.of(rival.row(), rival.holder())));
        try (Settlement settlement = Settlement.behindLocks(parts, rows)) {
            Marks.Mark here =
                    new Marks.Mark(positionOf(Side.BLUE, Direction.FORWARD), positionOf(Side.GREEN, Direction.REVERSE));
            long room = parts.conflictsMost() - (kept.get() - keptBefore);
            Verdicts verdicts =
                    new Verdicts(parts, settlement, new Verdicts.Terms(policy, here, room), this::unseen, this::layout);
            contested.rows().stream()
                    .sorted(Comparator.comparing(row -> row.table().toString()))
                    .forEach(verdicts::decide);
            contested.orphans().forEach(verdicts::decide);
            contested.rivals().forEach(verdicts::decide);
            settlement.commit();
            for (Settled one : verdicts.settled()) {
                marks.add(one.row(), here);
                counts.merge(one.count(), 1L, Long::sum);
                kept.incrementAndGet();
            }
        }
    }

    private Touches unseen(RowKey row) {
        return new Touches(
                of(Direction.FORWARD).of(row, (one, touch) -> marks.settled(Side.BLUE, one, touch.committed())),
                of(Direction.REVERSE).of(row, (one, touch) -> marks.settled(Side.GREEN, one, touch.committed())));
    }

    private SourceLayout layout(Direction direction, RowKey row) {
        return of(direction).layout(parts.pair(row.table()).on(direction.source()));
    }

    /** Every change of the locked tables on that side is committed before, and read; later ones are committed after. */
    private Lsn positionOf(Side side, Direction direction) {
        String nonce = emit(side);
        return awaited(of(direction), nonce, Deadline.after(parts.clock(), READ_WITHIN))
                .orElseThrow(NotTold::new);
    }

    private static RuntimeException busy(String why) {
        return Fault.of(FaultCode.STREAM_BROKEN, why + "; the window is read and written again")
                .asException();
    }

    @Override
    public void applied(Direction direction, Lsn before) {
        of(direction).applied(before);
    }

    @Override
    public boolean ended(Direction direction) {
        return of(direction).hasEnded();
    }

    @Override
    public void unsure(Direction direction) {
        of(direction).unsure();
    }
}
