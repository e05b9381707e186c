package io.viridian.migration;

import io.viridian.plan.Side;
import java.util.Optional;

/** Where the applications belong once a switch has led them there, whatever else the migration does. */
final class KeptRoutes {
    private KeptRoutes() {}

    /** Empty before the first switch, when the routes are not ours yet, and while somebody leads them on purpose. */
    static Optional<Side> owner(MigrationState state) {
        return switch (state) {
            case MigrationState.Switched _ -> Optional.of(Side.GREEN);
            case MigrationState.RolledBack _ -> Optional.of(Side.BLUE);
            case MigrationState.Armed armed -> armed.after().map(_ -> Side.BLUE);
            // Applications need their side whatever stands still.
            case MigrationState.Halted halted -> owner(halted.during());
            // A canary is led by whoever asked for it.
            case MigrationState.Canary _,
                    MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Ready _,
                    MigrationState.Switching _,
                    MigrationState.Finalizing _,
                    MigrationState.Aborting _,
                    MigrationState.Final _ -> Optional.empty();
        };
    }
}
