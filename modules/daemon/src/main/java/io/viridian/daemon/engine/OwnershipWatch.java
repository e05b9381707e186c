package io.viridian.daemon.engine;

import io.viridian.cutover.OwnershipKeeper;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultException;
import io.viridian.migration.MigrationState;
import io.viridian.plan.Side;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the ownership rows and guards looked after while nobody switches, and tells what was found. Any thread: a state
 * is entered only when the look before it is over, so that no look meets the daemon's own switch.
 */
final class OwnershipWatch {
    private static final Logger LOG = LoggerFactory.getLogger(OwnershipWatch.class);

    private final OwnershipKeeper keeper;
    private final Happenings happenings;
    private Optional<Side> owner = Optional.empty();

    /** Somebody may have switched between the two readings of one look: what counts is what two looks find. */
    private boolean doubted;

    private volatile Optional<Fault> standing = Optional.empty();

    OwnershipWatch(OwnershipKeeper keeper, Happenings happenings) {
        this.keeper = keeper;
        this.happenings = happenings;
    }

    /** From here on the owner of this state is looked after, or nobody while it has none. */
    synchronized void entered(MigrationState state) {
        owner = ownerAtRest(state);
        doubted = false;
    }

    private static Optional<Side> ownerAtRest(MigrationState state) {
        return switch (state) {
            case MigrationState.Switched _ -> Optional.of(Side.GREEN);
            case MigrationState.Ready _, MigrationState.Armed _, MigrationState.RolledBack _ -> Optional.of(Side.BLUE);
            // Writers need their side whatever else stands still.
            case MigrationState.Halted halted -> ownerAtRest(halted.during());
            // Applications may write on both sides, and whoever ends that closes green.
            case MigrationState.Canary _,
                    MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Switching _,
                    MigrationState.Finalizing _,
                    MigrationState.Aborting _,
                    MigrationState.Final _ -> Optional.empty();
        };
    }

    /** One look. */
    synchronized void look() throws InterruptedException {
        if (owner.isEmpty()) {
            return;
        }
        try {
            found(keeper.look(owner.get()));
        } catch (FaultException failure) {
            LOG.warn(
                    "the ownership could not be looked after: {}. Looks again",
                    failure.fault().sentence());
        }
    }

    /**
     * Looks at once, and once more in doubt, before anything is begun that relies on who owns.
     *
     * @throws FaultException with FENCE_LOST or OWNERSHIP_IMPOSSIBLE when a person has to look
     */
    synchronized void require() throws InterruptedException {
        look();
        if (doubted) {
            look();
        }
        standing.ifPresent(fault -> {
            throw fault.asException();
        });
    }

    private void found(OwnershipKeeper.Found found) {
        boolean doubtedBefore = doubted;
        doubted = found instanceof OwnershipKeeper.Found.Contradiction;
        switch (found) {
            case OwnershipKeeper.Found.Nothing _ -> {}
            case OwnershipKeeper.Found.OpenedAgain(String words) -> happenings.tell("ownership.opened-again", words);
            case OwnershipKeeper.Found.ClosedAgain(String words) -> happenings.tell("ownership.closed-again", words);
            case OwnershipKeeper.Found.FenceLost(Fault fault) -> stand("ownership.fence-lost", fault);
            case OwnershipKeeper.Found.Contradiction(Fault fault) -> {
                if (doubtedBefore && standing.isEmpty()) {
                    stand("ownership.impossible", fault);
                }
            }
        }
    }

    private void stand(String event, Fault fault) {
        happenings.tell(event, fault.detail());
        standing = Optional.of(fault);
    }

    /** What a person has to look at before the migration goes on; empty when there is nothing. */
    Optional<Fault> standing() {
        return standing;
    }

    /** A person has looked; if it is still so, the next looks find it again. */
    synchronized void forget() {
        standing = Optional.empty();
        doubted = false;
    }
}
