package io.viridian.migration;

/** The state names of the contract, as users read them. */
public enum StateName {
    NEW,
    PREFLIGHT,
    PREPARING,
    BACKFILLING,
    CATCHING_UP,
    READY,
    ARMED,
    CANARY,
    CUTTING_OVER,
    SWITCHED,
    ROLLING_BACK,
    ROLLED_BACK,
    FINALIZING,
    FINALIZED,
    ABORTING,
    ABORTED,
    HALTED;

    public static StateName of(MigrationState state) {
        return switch (state) {
            case MigrationState.New _ -> NEW;
            case MigrationState.Preflight _ -> PREFLIGHT;
            case MigrationState.Preparing _ -> PREPARING;
            case MigrationState.Backfilling _ -> BACKFILLING;
            case MigrationState.CatchingUp _ -> CATCHING_UP;
            case MigrationState.Ready _ -> READY;
            case MigrationState.Armed _ -> ARMED;
            case MigrationState.Canary _ -> CANARY;
            case MigrationState.CuttingOver _ -> CUTTING_OVER;
            case MigrationState.Switched _ -> SWITCHED;
            case MigrationState.RollingBack _ -> ROLLING_BACK;
            case MigrationState.RolledBack _ -> ROLLED_BACK;
            case MigrationState.Finalizing _ -> FINALIZING;
            case MigrationState.Finalized _ -> FINALIZED;
            case MigrationState.Aborting _ -> ABORTING;
            case MigrationState.Aborted _ -> ABORTED;
            case MigrationState.Halted _ -> HALTED;
        };
    }
}
