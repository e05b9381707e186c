package io.viridian.migration;

import io.viridian.plan.Direction;

/**
 * The states that follow from a switch that was decided, when the journal does not know of it: no transition leads
 * there, the ownership rows do.
 */
public final class DecidedState {
    private DecidedState() {}

    /** The switch is over: its target owns and is open. */
    public static MigrationState.Resting over(Direction direction, SwitchAttempt attempt) {
        return switch (direction) {
            case FORWARD -> new MigrationState.Switched(attempt);
            case REVERSE -> new MigrationState.RolledBack(attempt);
        };
    }

    /** The source has handed over, and nobody can write until the target is opened. */
    public static MigrationState.Switching handedOver(Direction direction, SwitchAttempt attempt) {
        return switch (direction) {
            case FORWARD -> new MigrationState.CuttingOver(SwitchStep.OPEN, attempt, false);
            case REVERSE -> new MigrationState.RollingBack(SwitchStep.OPEN, attempt);
        };
    }
}
