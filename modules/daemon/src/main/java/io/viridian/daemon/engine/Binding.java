package io.viridian.daemon.engine;

import io.viridian.cutover.PostgresSwitchover;
import io.viridian.fault.Fault;
import io.viridian.journal.Lease;
import io.viridian.journal.PostgresOperations;
import io.viridian.plan.Direction;
import io.viridian.plan.Planned;
import io.viridian.proof.Verifier;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.lane.ApplyLane;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The plan bound to both servers, with everything built from it, once per process. The conductor's thread binds and
 * ends; everything else is read from memory, by any.
 */
final class Binding {
    private final EngineParts parts;
    private final PlanBinder binder;
    private final HeldLease lease;
    private final Happenings happenings;
    private final Memory memory;
    private final Hooks hooks;
    private final Hooks.Readiness readiness;
    private volatile @Nullable Bound bound;

    /** What was bound when the migration ended, for the report. */
    private volatile @Nullable Bound ended;

    /** What outlives a binding, and is told of an earlier daemon's work when the plan is bound. */
    record Memory(SourceWatch sources, CopyProgress copy, MeasuredPauses pauses) {}

    /**
     * Nothing is bound yet.
     *
     * @param readiness makes a switch ready again after a hook took its time
     */
    Binding(
            EngineParts parts,
            PlanBinder binder,
            HeldLease lease,
            Happenings happenings,
            Memory memory,
            Hooks hooks,
            Hooks.Readiness readiness) {
        this.parts = parts;
        this.binder = binder;
        this.lease = lease;
        this.happenings = happenings;
        this.memory = memory;
        this.hooks = hooks;
        this.readiness = readiness;
    }

    /** What is bound, bound now if it was not. */
    Bound require() {
        Bound existing = bound;
        if (existing != null) {
            return existing;
        }
        Bound created = bind();
        bound = created;
        hooks.start();
        return created;
    }

    private Bound bind() {
        Planned planned = binder.bindPinned();
        PlanOnBlue.keep(parts);
        Checks.requireCapture(parts, planned);
        Lease taken = lease.require();
        Streams streams = new Streams(parts, taken.epoch(), memory.sources());
        Verifier verifier = Wiring.verifier(parts, planned.plan());
        Proving proving = new Proving(parts, verifier, happenings);
        proving.restore();
        memory.pauses()
                .restore(
                        new PostgresOperations(parts.journalDatabase(), parts.migration()).recent(MeasuredPauses.MOST));
        // What a process before this one held back goes on, wherever it was led.
        Wiring.traffic(parts).release();
        PostgresSwitchover switchover = Wiring.switchover(parts, planned.plan(), streams, verifier, taken, happenings);
        Setup setup = new Setup(parts);
        memory.copy()
                .restore(
                        planned.plan(),
                        new PostgresChunkLedger(
                                        parts.green(),
                                        parts.migration(),
                                        planned.plan().forward())
                                .summary());
        return new Bound(
                planned,
                taken.epoch(),
                streams,
                proving,
                switchover,
                new WatchedSwitchover(hooks.around(switchover, readiness)),
                Wiring.gates(parts, planned.plan()),
                new RouteKeeper(Wiring.traffic(parts, taken), happenings, parts.clock()),
                setup,
                new Canary(parts, planned.plan(), taken.epoch(), streams, setup, proving));
    }

    /** The migration is over: what was bound is only told of from now on. */
    void end() {
        ended = bound;
        bound = null;
    }

    /** What is bound, if anything is. */
    Optional<Bound> now() {
        return Optional.ofNullable(bound);
    }

    /** What is bound, or was when the migration ended. */
    Optional<Bound> nowOrEnded() {
        return now().or(() -> Optional.ofNullable(ended));
    }

    /** The lane of a direction, while it runs. */
    Optional<ApplyLane> lane(Direction direction) {
        return now().flatMap(all -> all.streams().lane(direction));
    }

    /** How old the newest heartbeat is that a lane has applied, in seconds; empty while none was. */
    Optional<Double> lagSeconds(Direction direction) {
        return lane(direction)
                .flatMap(lane -> lane.status().lastMarkerEmitted())
                .map(emitted -> Math.max(
                        0, Duration.between(emitted, parts.clock().now()).toMillis() / 1000.0));
    }

    /** Whether a lane is no further behind than a cutover may wait for. */
    boolean caughtUp(Direction direction) {
        long enough = parts.settings().cutover().maxLag().toMillis();
        return lagSeconds(direction).filter(lag -> lag * 1000 <= enough).isPresent();
    }

    /** What keeps a lane from going on. */
    Optional<Fault> trouble(Direction direction) {
        return lane(direction).flatMap(lane -> lane.status().fault());
    }

    /** What keeps either lane from going on, the one to green first. */
    Optional<Fault> trouble() {
        return trouble(Direction.FORWARD).or(() -> trouble(Direction.REVERSE));
    }
}
