package io.viridian.daemon.engine;

import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers which step is being performed, for whoever looks. Steps on the conductor's thread, looks from any. */
final class WatchedSwitchover implements Switchover {
    private final Switchover switchover;
    private volatile @Nullable SwitchStep step;

    WatchedSwitchover(Switchover switchover) {
        this.switchover = switchover;
    }

    @Override
    public void perform(Direction direction, SwitchStep next, SwitchAttempt attempt) throws InterruptedException {
        step = next;
        switchover.perform(direction, next, attempt);
    }

    @Override
    public void undo(Direction direction, SwitchAttempt attempt) throws InterruptedException {
        switchover.undo(direction, attempt);
        step = null;
    }

    @Override
    public Decision resolve(Direction direction, SwitchAttempt attempt) throws InterruptedException {
        return switchover.resolve(direction, attempt);
    }

    @Override
    public Duration writePause() {
        return switchover.writePause();
    }

    @Override
    public Map<SwitchStep, Duration> durations() {
        return switchover.durations();
    }

    /** The step last begun. */
    Optional<SwitchStep> step() {
        return Optional.ofNullable(step);
    }
}
