package io.viridian.migration;

import io.viridian.fault.Fault;
import java.util.Optional;

/** Where a migration goes from a state when it does not go on: given up, or halted until somebody mends it. */
final class WayOut {
    private WayOut() {}

    /** The state that gives the migration up; empty where it can no more, or where nothing of it exists. */
    static Optional<MigrationState> abort(MigrationState from) {
        return switch (from) {
            case MigrationState.Preparing one -> Optional.of(one.abort());
            case MigrationState.Backfilling one -> Optional.of(one.abort());
            case MigrationState.CatchingUp one -> Optional.of(one.abort());
            case MigrationState.Ready one -> Optional.of(one.abort());
            case MigrationState.Armed one -> Optional.of(one.abort());
            case MigrationState.RolledBack one -> Optional.of(one.abort());
            case MigrationState.Canary one ->
                one.phase() == CanaryPhase.CLOSING ? Optional.of(one.abort()) : Optional.empty();
            case MigrationState.Halted one -> abort(one.during()).map(_ -> one.abort());
            case MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Switching _,
                    MigrationState.Switched _,
                    MigrationState.Finalizing _,
                    MigrationState.Aborting _,
                    MigrationState.Final _ -> Optional.empty();
        };
    }

    /** The state that keeps a fault for a person; empty where nothing of the migration is written down. */
    static Optional<MigrationState> halt(MigrationState from, Fault why) {
        return switch (from) {
            case MigrationState.Preparing one -> Optional.of(one.halted(why));
            case MigrationState.Backfilling one -> Optional.of(one.halted(why));
            case MigrationState.CatchingUp one -> Optional.of(one.halted(why));
            case MigrationState.Ready one -> Optional.of(one.halted(why));
            case MigrationState.Armed one -> Optional.of(one.halted(why));
            case MigrationState.Canary one -> Optional.of(one.halted(why));
            case MigrationState.CuttingOver one -> Optional.of(one.halted(why));
            case MigrationState.Switched one -> Optional.of(one.halted(why));
            case MigrationState.RollingBack one -> Optional.of(one.halted(why));
            case MigrationState.RolledBack one -> Optional.of(one.halted(why));
            case MigrationState.Finalizing one -> Optional.of(one.halted(why));
            case MigrationState.Aborting one -> Optional.of(one.halted(why));
            case MigrationState.New _, MigrationState.Preflight _, MigrationState.Halted _, MigrationState.Final _ ->
                Optional.empty();
        };
    }
}
