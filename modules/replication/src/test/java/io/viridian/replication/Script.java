package io.viridian.replication;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** What is to happen when the lane or a chunk passes a point: pins an interleaving. Any thread. */
final class Script implements Failpoints {
    private final Map<CrashPoint, Queue<Step>> steps = new EnumMap<>(CrashPoint.class);
    private final Set<CrashPoint> passed = EnumSet.noneOf(CrashPoint.class);

    /** Something that happens at a point. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** Happens at the next pass that nothing else is planned for; later passes do nothing. */
    synchronized Script at(CrashPoint point, Step step) {
        steps.computeIfAbsent(point, _ -> new ArrayDeque<>()).add(step);
        return this;
    }

    @Override
    public void pass(CrashPoint point) {
        Step step;
        synchronized (this) {
            passed.add(point);
            Queue<Step> waiting = steps.get(point);
            step = waiting == null ? null : waiting.poll();
        }
        if (step != null) {
            try {
                step.run();
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    synchronized boolean passed(CrashPoint point) {
        return passed.contains(point);
    }

    /** Whether everything planned has happened. */
    synchronized boolean played() {
        return steps.values().stream().allMatch(Queue::isEmpty);
    }
}
