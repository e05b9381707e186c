package io.viridian.daemon.engine;

import io.viridian.cutover.MeasuredPause;
import io.viridian.cutover.gate.PauseFacts;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.SwitchCost;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What rehearsals and switches were measured to cost, the newest of them. The journal keeps them as the results of
 * operations, and a daemon that starts reads them there. Any thread.
 */
final class MeasuredPauses {
    /** How many are remembered, and read from the journal. */
    static final int MOST = 50;

    private final Deque<MeasuredPause> newestFirst = new ArrayDeque<>();

    /** What an earlier daemon measured. */
    synchronized void restore(List<Operation> newest) {
        newestFirst.clear();
        newest.stream().limit(MOST).flatMap(one -> of(one).stream()).forEach(newestFirst::addLast);
    }

    synchronized void add(MeasuredPause one) {
        newestFirst.addFirst(one);
        if (newestFirst.size() > MOST) {
            newestFirst.removeLast();
        }
    }

    /**
     * Another state was entered: when it is the one behind a switch, that switch was measured.
     *
     * @param before the state before
     * @param switchover the last attempt of this process
     */
    void entered(Optional<MigrationState> before, MigrationState now, Switchover switchover, Instant at) {
        Optional<Direction> ended = before.flatMap(one -> switched(one, now));
        Map<SwitchStep, Duration> steps = switchover.durations();
        if (ended.isPresent() && steps.containsKey(SwitchStep.COMMIT)) {
            add(new MeasuredPause(at, false, ended.get(), switchover.writePause(), steps, 0));
        }
    }

    private static Optional<Direction> switched(MigrationState before, MigrationState now) {
        if (before instanceof MigrationState.CuttingOver && now instanceof MigrationState.Switched) {
            return Optional.of(Direction.FORWARD);
        }
        return before instanceof MigrationState.RollingBack && now instanceof MigrationState.RolledBack
                ? Optional.of(Direction.REVERSE)
                : Optional.empty();
    }

    /**
     * What is known of the pause of a switch.
     *
     * @param touched rows that it would have to compare
     * @param bytesPerSecond how fast the lane takes the log
     */
    synchronized PauseFacts facts(Direction direction, long touched, OptionalLong bytesPerSecond) {
        return new PauseFacts(
                newestFirst.stream().filter(one -> one.direction() == direction).findFirst(),
                newestFirst.stream().filter(one -> !one.rehearsed()).findFirst(),
                touched,
                bytesPerSecond);
    }

    /** What came out of an operation; empty when that measured nothing. */
    static Optional<MeasuredPause> of(Operation operation) {
        Map<String, String> result = operation.result();
        if (operation.status() != Operation.Status.SUCCEEDED
                || operation.finished().isEmpty()
                || !result.containsKey(SwitchCost.WRITE_PAUSE)) {
            return Optional.empty();
        }
        boolean rehearsed = operation.type() == Operation.Type.REHEARSE;
        String way = rehearsed
                ? result.getOrDefault(Rehearsals.DIRECTION, Direction.FORWARD.text())
                : operation.type() == Operation.Type.ROLLBACK ? Direction.REVERSE.text() : Direction.FORWARD.text();
        Map<SwitchStep, Duration> steps = new EnumMap<>(SwitchStep.class);
        for (SwitchStep step : SwitchStep.values()) {
            number(result, SwitchCost.step(step)).ifPresent(millis -> steps.put(step, millis(millis)));
        }
        return number(result, SwitchCost.WRITE_PAUSE)
                .map(pause -> new MeasuredPause(
                        operation.finished().orElseThrow(),
                        rehearsed,
                        way.equals(Direction.REVERSE.text()) ? Direction.REVERSE : Direction.FORWARD,
                        millis(pause),
                        steps,
                        number(result, Rehearsals.ROWS).map(Double::longValue).orElse(0L)));
    }

    /** What an older version wrote otherwise was not measured. */
    private static Optional<Double> number(Map<String, String> result, String name) {
        String text = result.getOrDefault(name, "");
        return text.matches("[0-9]{1,12}([.][0-9]+)?") ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1e6));
    }
}
