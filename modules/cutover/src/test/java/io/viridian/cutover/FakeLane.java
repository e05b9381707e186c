package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Lane;
import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/** A lane without rows: markers are seen at once, at the position where the source's log ends now. */
final class FakeLane implements Lane {
    final List<String> awaited = new CopyOnWriteArrayList<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile boolean stuck;
    volatile boolean ready = true;
    volatile Optional<Fault> fault = Optional.empty();
    volatile Optional<Instant> heartbeat = Optional.of(Instant.now());
    volatile long foreign;
    volatile boolean applying;
    volatile Optional<Map<TableName, List<List<String>>>> touched = Optional.of(Map.of());
    private final Direction direction;
    private final Database source;

    FakeLane(Direction direction, Database source) {
        this.direction = direction;
        this.source = source;
        this.applying = direction == Direction.FORWARD;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public LaneStatus status() {
        Lsn at = new Lsn(0x1000);
        return new LaneStatus(at, at, at, heartbeat, 0, 0, foreign, 0, 0, 0, applying, fault);
    }

    @Override
    public Lsn awaitMarker(String nonce, Deadline by) throws InterruptedException {
        awaited.add(nonce);
        if (stuck) {
            new Waiter().awaitUntil(() -> !stuck, by);
        }
        if (stuck) {
            throw Fault.about(FaultCode.DRAIN_TIMEOUT, nonce, "the marker did not come")
                    .asException();
        }
        return source.query(session -> session.one("select pg_current_wal_lsn()::text", row -> row.lsn(1)));
    }

    @Override
    public Hold hold(Deadline by) {
        throw new UnsupportedOperationException("a switch holds no lane");
    }

    @Override
    public Optional<Map<TableName, List<List<String>>>> touched() {
        return touched;
    }

    @Override
    public void markTouched() {
        throw new UnsupportedOperationException("a switch compares what was touched");
    }

    @Override
    public void forgetMarked() {
        throw new UnsupportedOperationException("a switch compares what was touched");
    }

    @Override
    public OptionalInt touchedKeys() {
        throw new UnsupportedOperationException("a switch compares what was touched");
    }

    @Override
    public Optional<Map<TableName, List<List<String>>>> takeTouched() {
        throw new UnsupportedOperationException("a switch compares what was touched");
    }

    @Override
    public void touch(Map<TableName, List<List<String>>> keys) {
        throw new UnsupportedOperationException("a switch compares what was touched");
    }

    @Override
    public void prepareToApply() {
        told.add("prepare");
    }

    @Override
    public void apply(Lsn from) {
        applying = true;
        told.add("apply " + from);
    }

    @Override
    public void watch() {
        applying = false;
        told.add("watch");
    }

    @Override
    public void stop() {
        told.add("stop");
    }

    List<String> lastTold() {
        return new ArrayList<>(told);
    }
}
