package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Side;
import java.util.Optional;

/**
 * What follows from the state of a migration: who owns the writes, what may be asked for, whether there is a way back.
 * Pure.
 *
 * @param step of the switch that runs, empty when none does
 * @param noWayBack why there is none at all, empty when there is
 * @param reverseFault why the lane of the way back stands, empty when it does not
 * @param lossy rows of green that blue cannot hold as they are
 */
record Standing(
        MigrationState state,
        Optional<SwitchStep> step,
        Optional<String> noWayBack,
        Optional<Fault> reverseFault,
        long lossy) {

    /** Empty between the commit point and the opening, when nobody may write. */
    Optional<Side> owner() {
        return owner(state);
    }

    private Optional<Side> owner(MigrationState of) {
        return switch (of) {
            case MigrationState.Switched _, MigrationState.Finalizing _, MigrationState.Finalized _ ->
                Optional.of(Side.GREEN);
            case MigrationState.Switching switching ->
                switching.step() == SwitchStep.ROUTE
                        ? Optional.of(switching.direction().target())
                        : during(switching);
            case MigrationState.Halted halted -> owner(halted.during());
            case MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Ready _,
                    MigrationState.Armed _,
                    MigrationState.RolledBack _,
                    MigrationState.Canary _,
                    MigrationState.Aborting _,
                    MigrationState.Aborted _ -> Optional.of(Side.BLUE);
        };
    }

    private Optional<Side> during(MigrationState.Switching switching) {
        if (step.isEmpty() || step.get().isVolatile() || step.get() == SwitchStep.COMMIT) {
            return Optional.of(switching.direction().source());
        }
        return step.get() == SwitchStep.OPEN
                ? Optional.empty()
                : Optional.of(switching.direction().target());
    }

    /** The contract's word for whether one can go back. */
    String rollback() {
        if (noWayBack.isPresent()) {
            return "impossible(" + noWayBack.get() + ")";
        }
        if (reverseFault.isPresent()) {
            return "impossible(" + reverseFault.get().sentence() + ")";
        }
        if (state instanceof MigrationState.Final) {
            return "impossible(the migration has ended)";
        }
        return lossy > 0 && owner().equals(Optional.of(Side.GREEN)) ? "lossy(" + lossy + ")" : "lossless";
    }

    /** Why an operation cannot be asked for now; empty when it can. */
    String refusal(Operation.Type type) {
        if (!allows(type)) {
            return type.text() + " is not possible in " + StateName.of(state)
                    + (state instanceof MigrationState.Canary ? "; stop the canary first" : "");
        }
        return type == Operation.Type.ROLLBACK && noWayBack.isPresent()
                ? "there is no way back: " + noWayBack.get()
                : "";
    }

    private boolean allows(Operation.Type type) {
        boolean armed = state instanceof MigrationState.Armed;
        boolean blueOwns = armed || state instanceof MigrationState.Ready || state instanceof MigrationState.RolledBack;
        boolean switched = state instanceof MigrationState.Switched;
        boolean halted = state instanceof MigrationState.Halted;
        return switch (type) {
            case CUTOVER, ARM, APPROVE -> blueOwns;
            case CANARY -> canaryCanBeAskedFor();
            case DISARM -> armed || cutoverCanBeUndone();
            case ROLLBACK, FINALIZE -> switched;
            case VERIFY, REHEARSE, PAUSE, OVERRIDE -> blueOwns || switched;
            case RESUME -> halted || blueOwns || switched;
            case ABORT ->
                blueOwns
                        || state instanceof MigrationState.Preparing
                        || state instanceof MigrationState.Backfilling
                        || state instanceof MigrationState.CatchingUp
                        || (halted && owner().equals(Optional.of(Side.BLUE)));
        };
    }

    /** Begun in READY, ended while it runs, or when it has halted. */
    private boolean canaryCanBeAskedFor() {
        return state instanceof MigrationState.Ready
                || state instanceof MigrationState.Canary
                || (state instanceof MigrationState.Halted halted && halted.during() instanceof MigrationState.Canary);
    }

    private boolean cutoverCanBeUndone() {
        return state instanceof MigrationState.CuttingOver && owner().equals(Optional.of(Side.BLUE));
    }
}
