package io.viridian.verification;

import io.viridian.feed.Lane;
import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.time.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A lane between two databases on which nothing moves. It remembers what was asked of it. */
class StillLane implements Lane {
    final AtomicInteger holds = new AtomicInteger();
    final AtomicInteger released = new AtomicInteger();
    final AtomicInteger marked = new AtomicInteger();
    final AtomicInteger forgotten = new AtomicInteger();
    volatile Optional<Map<TableName, List<List<String>>>> touched = Optional.empty();
    private final Direction direction;

    StillLane(Direction direction) {
        this.direction = direction;
    }

    /** What happens on the source between the hold and the slot. */
    void whenHeld() {
        // Nothing moves.
    }

    /** What happens on the source when the lane goes on. */
    void whenReleased() {
        // Nothing moves.
    }

    @Override
    public void prepareToApply() {
        throw new UnsupportedOperationException("nothing is switched");
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public Hold hold(Deadline by) {
        holds.incrementAndGet();
        whenHeld();
        return new Hold() {
            @Override
            public void applyBefore(Lsn point, Deadline until) {
                if (point.equals(Lsn.ZERO)) {
                    throw new AssertionError("no position");
                }
            }

            @Override
            public void close() {
                released.incrementAndGet();
                whenReleased();
            }
        };
    }

    @Override
    public void markTouched() {
        if (holds.get() == released.get()) {
            throw new AssertionError("marks while the lane runs");
        }
        marked.incrementAndGet();
    }

    @Override
    public void forgetMarked() {
        if (marked.get() == forgotten.get()) {
            throw new AssertionError("forgets what nobody has marked");
        }
        forgotten.set(marked.get());
    }

    @Override
    public OptionalInt touchedKeys() {
        return touched.map(known -> OptionalInt.of(
                        known.values().stream().mapToInt(List::size).sum()))
                .orElse(OptionalInt.empty());
    }

    @Override
    public Optional<Map<TableName, List<List<String>>>> takeTouched() {
        if (holds.get() == released.get()) {
            throw new AssertionError("forgets while the lane runs");
        }
        Optional<Map<TableName, List<List<String>>>> taken = touched;
        touched = touched.map(_ -> Map.of());
        return taken;
    }

    @Override
    public void touch(Map<TableName, List<List<String>>> keys) {
        touched = touched.map(known -> {
            Map<TableName, List<List<String>>> all = new HashMap<>(known);
            keys.forEach((table, ofTable) -> all.merge(table, ofTable, StillLane::both));
            return all;
        });
    }

    private static List<List<String>> both(List<List<String>> some, List<List<String>> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    @Override
    public LaneStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lsn awaitMarker(String nonce, Deadline by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Map<TableName, List<List<String>>>> touched() {
        return touched;
    }

    @Override
    public void apply(Lsn from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void watch() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException();
    }
}
