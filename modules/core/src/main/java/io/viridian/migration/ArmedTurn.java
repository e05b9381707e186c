package io.viridian.migration;

import io.viridian.plan.Direction;
import io.viridian.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Arming, what an armed migration does by itself, and disarming. The conductor's thread. */
final class ArmedTurn {
    private static final Logger LOG = LoggerFactory.getLogger(ArmedTurn.class);

    private final MigrationWork work;
    private final OperationDesk desk;
    private final Clock clock;

    ArmedTurn(MigrationWork work, OperationDesk desk, Clock clock) {
        this.work = work;
        this.desk = desk;
        this.clock = clock;
    }

    /** Carries out the cutover that nobody asked for again; answers the state that follows, unless it was refused. */
    @FunctionalInterface
    interface Cutover {
        Optional<MigrationState> carryOut(Operation operation, MigrationState.Armed armed) throws InterruptedException;
    }

    /** What an armed migration does without being asked again: nothing yet, the cutover, or to stop waiting for it. */
    Optional<MigrationState> byItself(MigrationState.Armed armed, Cutover cutover) throws InterruptedException {
        Arming arming = armed.arming();
        ArmedWatch watch =
                new ArmedWatch(armed, work.gates(Direction.FORWARD, Optional.of(arming), arming.by()), clock.now());
        Optional<String> over = watch.disarmedBy();
        if (over.isPresent()) {
            return Optional.of(disarmed(armed, over.get()));
        }
        if (!watch.isTime()) {
            return Optional.empty();
        }
        Operation asked = desk.submitRunning(Operation.byItself(arming, clock.now()));
        Optional<MigrationState> next = cutover.carryOut(asked, armed);
        return next.isPresent() ? next : Optional.of(armed.refused(clock.now()));
    }

    MigrationState disarmed(MigrationState.Armed armed, String why) {
        LOG.warn("disarmed: {}", why);
        work.tell("cutover.disarmed", why);
        return armed.after().isPresent() ? armed.disarmedAgain() : armed.disarmed();
    }

    MigrationState arm(Operation operation, MigrationState.Resting resting) {
        Arming arming = work.arming(operation);
        MigrationState.Armed next = switch (resting) {
            case MigrationState.Ready one -> one.arm(arming, clock.now());
            case MigrationState.RolledBack one -> one.arm(arming, clock.now());
            case MigrationState.Armed one -> one.arm(arming, clock.now());
            case MigrationState.Switched _ -> throw operation.notNow(resting);
        };
        desk.succeeded(operation, arming.told());
        work.tell("cutover.armed", arming.words());
        return next;
    }

    Optional<MigrationState> disarm(Operation operation, MigrationState.Resting resting) {
        if (resting instanceof MigrationState.Switched) {
            throw operation.notNow(resting);
        }
        desk.succeeded(operation, Map.of());
        return resting instanceof MigrationState.Armed armed
                ? Optional.of(disarmed(armed, operation.by() + " disarmed it"))
                : Optional.empty();
    }
}
