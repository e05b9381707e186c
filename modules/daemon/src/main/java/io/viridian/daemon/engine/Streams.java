package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.Retry;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.Lane;
import io.viridian.feed.LaneStatus;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.slot.WatchedPublication;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.backfill.SourceRows;
import io.viridian.replication.canary.Arbiter;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.replication.lane.Heartbeat;
import io.viridian.replication.lane.LaneSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of both directions and their heartbeats: started when needed, in the mode that ownership demands. Any
 * thread.
 */
public final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    /** Lag in time is known this precisely; a quiet server writes a hundred bytes of log for each. */
    private static final Duration BEAT = Duration.ofMillis(200);

    /** Read again in a few seconds, and nothing beside the log that a server keeps anyway. */
    private static final long UNWATCHED_LOG_MOST = 1L << 30;

    private final EngineParts parts;
    private final long daemonEpoch;
    private final SourceWatch sources;

    /** Changed by one thread at a time; read by any, also while lanes are being stopped. */
    private final Map<Direction, ApplyLane> lanes = new ConcurrentHashMap<>();

    private final List<Heartbeat> heartbeats = new ArrayList<>();

    /** What is not begun again. */
    private final Set<Direction> ended = EnumSet.noneOf(Direction.class);

    /** While applications write on both sides. */
    private volatile @Nullable Arbiter arbiter;

    Streams(EngineParts parts, long daemonEpoch, SourceWatch sources) {
        this.parts = parts;
        this.daemonEpoch = daemonEpoch;
        this.sources = sources;
    }

    /**
     * Starts what does not run.
     *
     * @param blueMayWrite whether blue has handed over and is not closed to everybody yet: what is written there until
     *     then belongs on green
     */
    synchronized void ensure(Plan plan, Side owner, boolean withReverse, boolean blueMayWrite) {
        start(plan, Direction.FORWARD, owner == Side.BLUE || blueMayWrite);
        if (withReverse) {
            start(plan, Direction.REVERSE, owner == Side.GREEN);
        }
        if (heartbeats.isEmpty()) {
            beat(Side.BLUE);
        }
        if (withReverse && heartbeats.size() < 2) {
            beat(Side.GREEN);
        }
    }

    private void beat(Side side) {
        Heartbeat heartbeat = new Heartbeat(parts.on(side), parts.migration(), BEAT, parts.clock());
        heartbeat.start();
        heartbeats.add(heartbeat);
    }

    private void start(Plan plan, Direction direction, boolean applying) {
        ApplyLane existing = lanes.get(direction);
        if (existing != null || ended.contains(direction)) {
            return;
        }
        LaneSettings settings = new LaneSettings(
                parts.migration(),
                direction,
                daemonEpoch,
                parts.settings().apply().windowRows(),
                parts.settings().apply().windowTime(),
                parts.settings().apply().memory().bytes());
        Arbiter between = arbiter;
        ChangeSource source = source(settings, plan);
        ChunkLedger ledger = direction == Direction.FORWARD
                ? new PostgresChunkLedger(parts.green(), parts.migration(), plan.forward())
                : ChunkLedger.none();
        ApplyLane lane = new ApplyLane(
                settings,
                new ApplyLane.LaneParts(
                        between == null ? source : between.observed(direction, source),
                        parts.on(direction.source()),
                        parts.on(direction.target()),
                        plan.routes(direction),
                        direction == Direction.FORWARD ? plan.derived() : List.of(),
                        direction == Direction.REVERSE ? plan.inversions() : List.of(),
                        ledger,
                        new SourceRows(parts.on(direction.source()), parts.clock()),
                        parts.failpoints(),
                        () -> yields(direction),
                        parts.clock(),
                        Optional.ofNullable(between)),
                applying || between != null);
        // What is retained is asked for here, so that a lane that has to yield need not read until the next look.
        sources.look(direction);
        lane.start();
        lanes.put(direction, lane);
        LOG.info(
                "the {} stream reads {} by the engine {}",
                direction.text(),
                direction.source().text(),
                Capture.limits(parts.settings().capture().engine()).engine());
    }

    private ChangeSource source(LaneSettings settings, Plan plan) {
        // What the way back writes on blue is left out where it is read, unless mirrors have to follow it.
        boolean followed =
                settings.direction() == Direction.FORWARD && !plan.derived().isEmpty();
        Set<String> ours = followed
                ? Set.of()
                : Set.of(
                        name(Direction.FORWARD),
                        name(Direction.REVERSE),
                        LaneSettings.settlingOriginOf(parts.migration()));
        SpoolSpace space =
                new SpoolSpace(parts.settings().apply().spoolDir(), settings.memoryBytes() / LaneSettings.SHARES);
        Database database = parts.on(settings.direction().source());
        return new WatchedPublication(
                Capture.source(parts.settings().capture().engine(), database, settings.slot(), ours, space),
                database,
                settings.slot(),
                parts.clock());
    }

    /**
     * Whether the lane that only watches is to wait: the other one has a backlog, and both servers' time is better
     * spent on that. What is not watched meanwhile stays in the log, of which only so much may gather.
     */
    private boolean yields(Direction watching) {
        ApplyLane other = lanes.get(watching.opposite());
        if (other == null) {
            return false;
        }
        LaneStatus status = other.status();
        boolean behind = status.lastMarkerEmitted()
                .filter(emitted ->
                        Duration.between(emitted, parts.clock().now()).compareTo(PassTurn.BEHIND_MOST) <= 0)
                .isEmpty();
        return status.applying()
                && status.fault().isEmpty()
                && behind
                && sources.slot(watching.source())
                        .filter(slot -> slot.retainedBytes() < UNWATCHED_LOG_MOST)
                        .isPresent();
    }

    /** The lane of a direction, if it runs. */
    public Optional<ApplyLane> lane(Direction direction) {
        return Optional.ofNullable(lanes.get(direction));
    }

    Lane require(Direction direction) {
        return lane(direction)
                .orElseThrow(() -> Fault.of(FaultCode.CONFLICT, "the " + direction.text() + " stream does not run")
                        .asException());
    }

    /** A lane that stands still and will not go on by itself. */
    synchronized Optional<Fault> standing() {
        return lanes.values().stream()
                .flatMap(lane -> lane.status().fault().stream())
                .filter(fault -> fault.code().retry() != Retry.AUTOMATIC)
                .findFirst();
    }

    /**
     * Stops lanes that stand still, and what stands between them, so that the next {@link #ensure} starts them anew.
     */
    synchronized void forgetStanding() throws InterruptedException {
        boolean stood = false;
        for (Direction direction : Direction.values()) {
            ApplyLane lane = lanes.get(direction);
            if (lane != null
                    && lane.status()
                            .fault()
                            .filter(fault -> fault.code().retry() != Retry.AUTOMATIC)
                            .isPresent()) {
                lane.stop();
                lanes.remove(direction);
                stood = true;
            }
        }
        if (stood) {
            share(null);
        }
    }

    /**
     * Lanes started from here on apply in both directions, with this between them; without, one applies and one
     * watches. Those that run otherwise are stopped.
     */
    synchronized void share(@Nullable Arbiter between) throws InterruptedException {
        if (!Objects.equals(arbiter, between)) {
            stopLanes();
            arbiter = between;
        }
    }

    /** What stands between the lanes while both sides are written. */
    Optional<Arbiter> shared() {
        return Optional.ofNullable(arbiter);
    }

    /** Stops a lane, and never starts it again. */
    synchronized void end(Direction direction) throws InterruptedException {
        ended.add(direction);
        ApplyLane lane = lanes.get(direction);
        if (lane != null) {
            lane.stop();
            lanes.remove(direction);
        }
        sources.forget(direction);
    }

    synchronized void stop() throws InterruptedException {
        heartbeats.forEach(Heartbeat::close);
        heartbeats.clear();
        stopLanes();
    }

    private void stopLanes() throws InterruptedException {
        for (ApplyLane lane : lanes.values()) {
            lane.stop();
        }
        lanes.clear();
    }

    /** Names of slot, publication and origin of a direction. */
    String name(Direction direction) {
        return LaneSettings.originOf(parts.migration(), direction);
    }

    /** The position a lane has applied, for status. */
    public Optional<Lsn> applied(Direction direction) {
        return lane(direction).map(lane -> lane.status().applied());
    }
}
