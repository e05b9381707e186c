package io.viridian.replication;

import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.Retry;
import io.viridian.feed.Marker;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.RowPair;
import io.viridian.plan.RowPairs;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.pgoutput.PgoutputSource;
import io.viridian.postgres.slot.Origins;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.backfill.SourceRows;
import io.viridian.replication.canary.Arbiter;
import io.viridian.replication.canary.CanaryParts;
import io.viridian.replication.canary.Soles;
import io.viridian.replication.canary.Ties;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.Markers;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Two databases that applications write on at once, with a lane each way and an arbiter between them. */
final class BothSides implements AutoCloseable {
    private static final String SETTLING = LaneSettings.settlingOriginOf(Replica.MIGRATION);

    final Replica replica;
    private final Map<Direction, ApplyLane> lanes = new EnumMap<>(Direction.class);
    Failpoints failpoints = Failpoints.NONE;
    int rowsMost = 100_000;
    int conflictsMost = 10_000;
    Arbiter arbiter;

    BothSides(ServerPair pair, MappingSpec mapping, String blueSchema, String greenSchema) {
        replica = new Replica(pair, mapping, blueSchema, greenSchema);
        replica.connect();
        String back = slot(Direction.REVERSE);
        replica.green.run(
                session -> Publications.create(session, back, replica.plan().readOn(Side.GREEN)));
        Lsn start = replica.green.query(session -> Slots.create(session, back).confirmed());
        replica.blue.run(session -> {
            Origins.create(session, back);
            session.update(
                    "insert into viridian.progress (migration, direction, lsn, epoch) values (?, 'reverse', ?::pg_lsn, 1)",
                    Replica.MIGRATION,
                    start.toString());
        });
        for (Side side : Side.values()) {
            on(side).run(session -> Origins.create(session, SETTLING));
        }
        arbiter = arbiter(ConflictPolicy.HALT);
    }

    static BothSides asItIs(ServerPair pair, String schema) {
        return new BothSides(pair, MappingSpec.everythingAsItIs(), schema, schema);
    }

    private static String slot(Direction direction) {
        return LaneSettings.slotOf(Replica.MIGRATION, direction);
    }

    Database on(Side side) {
        return side == Side.BLUE ? replica.blue : replica.green;
    }

    private Arbiter arbiter(ConflictPolicy policy) {
        List<RowPair> pairs = RowPairs.of(replica.plan()).pairs();
        return new Arbiter(
                new CanaryParts(
                        Replica.MIGRATION,
                        replica.epoch,
                        replica.blue,
                        replica.green,
                        pairs,
                        Ties.read(pairs, replica.blue, replica.green),
                        Soles.read(pairs, replica.blue, replica.green),
                        conflictsMost,
                        rowsMost,
                        failpoints,
                        Clock.system()),
                policy);
    }

    /** From here on each side's changes are led to the other. */
    void lead(ConflictPolicy policy) {
        arbiter = arbiter(policy);
        for (Direction direction : Direction.values()) {
            lead(direction);
        }
    }

    private void lead(Direction direction) {
        String forward = slot(Direction.FORWARD);
        PgoutputSource source = new PgoutputSource(
                on(direction.source()),
                slot(direction),
                slot(direction),
                Set.of(forward, slot(Direction.REVERSE), SETTLING),
                new SpoolSpace(replica.spoolDirectory, replica.spoolMemoryBytes));
        ApplyLane lane = new ApplyLane(
                new LaneSettings(
                        Replica.MIGRATION,
                        direction,
                        replica.epoch,
                        replica.windowRows,
                        Duration.ofMillis(20),
                        replica.memoryBytes),
                new ApplyLane.LaneParts(
                        arbiter.observed(direction, source),
                        on(direction.source()),
                        on(direction.target()),
                        replica.plan().routes(direction),
                        List.of(),
                        direction == Direction.REVERSE ? replica.plan().inversions() : List.of(),
                        ChunkLedger.none(),
                        new SourceRows(on(direction.source()), Clock.system()),
                        failpoints,
                        () -> false,
                        Clock.system(),
                        Optional.of(arbiter)),
                true);
        lanes.put(direction, lane);
        lane.start();
    }

    /** Both write without seeing each other; then each side's changes are led to the other until nothing is left. */
    void settle(ConflictPolicy policy, String blue, String green) throws InterruptedException {
        replica.onBlue(blue);
        replica.onGreen(green);
        lead(policy);
        drain();
        drain();
    }

    ApplyLane lane(Direction direction) {
        return Optional.ofNullable(lanes.get(direction)).orElseThrow();
    }

    /** Why a lane does not go on by itself, if so. */
    Optional<Fault> standing() {
        return lanes.values().stream()
                .flatMap(lane -> lane.status().fault().stream())
                .filter(fault -> fault.code().retry() != Retry.AUTOMATIC)
                .findFirst();
    }

    void stop() throws InterruptedException {
        for (ApplyLane lane : lanes.values()) {
            lane.stop();
        }
        lanes.clear();
    }

    /** Waits until what either side has committed before now is on the other. */
    void drain() throws InterruptedException {
        for (Direction direction : Direction.values()) {
            String nonce = Markers.emit(on(direction.source()), Replica.MIGRATION, Marker.Kind.FENCE, Clock.system());
            lane(direction).awaitMarker(nonce, Deadline.after(Clock.system(), Replica.PATIENCE));
        }
    }

    /** What is kept of conflicts, on either side. */
    List<String> conflicts() {
        String sql =
                "select kind || ' ' || target || ' ' || key::text || ' ' || outcome from viridian.conflict order by number";
        List<String> found = new java.util.ArrayList<>(replica.rows(replica.blue, sql));
        found.addAll(replica.rows(replica.green, sql));
        return found;
    }

    @Override
    public void close() {
        try {
            stop();
            for (Side side : Side.values()) {
                Origins.drop(on(side), SETTLING, Duration.ofSeconds(10));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        replica.close();
    }
}
