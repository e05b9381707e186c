package io.viridian.migration;

import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** A switch of nothing: notes what it is asked to do, and fails where a test wants it to. */
final class FakeSwitchover implements Switchover {
    final List<String> deeds = new ArrayList<>();
    private final Map<SwitchStep, Deque<Runnable>> planned = new EnumMap<>(SwitchStep.class);
    private final Queue<Runnable> undoing = new ArrayDeque<>();
    private Decision decision = Decision.NOT_SWITCHED;
    private Duration writePause = Duration.ofMillis(42);

    /** The next time the step is performed, this happens; further calls are for the times after that. */
    void at(SwitchStep step, Runnable what) {
        planned.computeIfAbsent(step, _ -> new ArrayDeque<>()).add(what);
    }

    void atUndo(Runnable what) {
        undoing.add(what);
    }

    /** What the ownership rows say from now on. */
    void decided(Decision told) {
        decision = told;
    }

    void paused(Duration writers) {
        writePause = writers;
    }

    @Override
    public void perform(Direction direction, SwitchStep step, SwitchAttempt attempt) {
        deeds.add(direction.text() + " " + step);
        Runnable what = planned.getOrDefault(step, new ArrayDeque<>()).poll();
        if (what != null) {
            what.run();
        }
        if (step == SwitchStep.COMMIT) {
            decision = Decision.SWITCHED;
        }
    }

    @Override
    public void undo(Direction direction, SwitchAttempt attempt) {
        deeds.add(direction.text() + " undo");
        Runnable what = undoing.poll();
        if (what != null) {
            what.run();
        }
    }

    @Override
    public Decision resolve(Direction direction, SwitchAttempt attempt) {
        deeds.add(direction.text() + " resolve");
        return decision;
    }

    @Override
    public Duration writePause() {
        return writePause;
    }

    @Override
    public Map<SwitchStep, Duration> durations() {
        return Map.of(SwitchStep.FENCE, Duration.ofMillis(3));
    }
}
