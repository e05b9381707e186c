package io.viridian.migration;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns that wait for somebody: in the states at rest, and in a halted migration. Carries out what is asked for;
 * what cannot be is answered with the reason, and the waiting goes on. The conductor's thread.
 */
final class RestTurn {
    private static final Logger LOG = LoggerFactory.getLogger(RestTurn.class);
    private static final Duration LOOK_AROUND = Duration.ofSeconds(1);

    /**
     * These are asked for in a hurry, and need nothing that a verification has yet to find: it takes hours, perhaps.
     */
    private static final Set<Operation.Type> BEFORE_A_VERIFICATION =
            Set.of(Operation.Type.ROLLBACK, Operation.Type.ABORT);

    private final MigrationWork work;
    private final OperationDesk desk;
    private final ArmedTurn armedTurn;
    private final CanaryTurn canaryTurn;
    private final Admission admission;
    private final BreakableWork breakable;
    private final Waiter attention;
    private final BooleanSupplier stopping;

    /**
     * Nobody waits yet.
     *
     * @param attention woken when something was asked for
     * @param stopping whether the waiting is to end, with the state as it is
     */
    RestTurn(
            MigrationWork work,
            OperationDesk desk,
            ArmedTurn armedTurn,
            CanaryTurn canaryTurn,
            BreakableWork breakable,
            Waiter attention,
            BooleanSupplier stopping) {
        this.work = work;
        this.desk = desk;
        this.armedTurn = armedTurn;
        this.canaryTurn = canaryTurn;
        this.breakable = breakable;
        this.admission = new Admission(work);
        this.attention = attention;
        this.stopping = stopping;
    }

    /** Waits for an operation, looking after the streams and the verification meanwhile. */
    MigrationState rest(MigrationState.Resting resting, Side owner) throws InterruptedException {
        work.ensureStreams(owner);
        Direction direction = Direction.from(owner);
        while (!stopping.getAsBoolean()) {
            Optional<Fault> standing = work.standingFault();
            if (standing.isPresent()) {
                throw standing.get().asException();
            }
            Optional<Operation> asked = desk.begin();
            if (asked.isPresent()) {
                Optional<MigrationState> next = carryOut(asked.get(), resting, direction);
                if (next.isPresent()) {
                    return next.get();
                }
                continue;
            }
            if (resting instanceof MigrationState.Armed armed) {
                Optional<MigrationState> next =
                        armedTurn.byItself(armed, (cutover, one) -> carryOut(cutover, one, Direction.FORWARD));
                if (next.isPresent()) {
                    return next.get();
                }
            }
            Duration untilDue = work.untilNextVerification(direction);
            if (untilDue.isZero()) {
                if (verified(direction, Map.of()).isEmpty()) {
                    LOG.info("the verification was broken off for what was asked for");
                }
                continue;
            }
            work.proveTouched(direction, false);
            keepRoutes(resting);
            attention.await(untilDue.compareTo(LOOK_AROUND) < 0 ? untilDue : LOOK_AROUND);
        }
        return resting;
    }

    private Optional<MigrationState> carryOut(Operation operation, MigrationState.Resting resting, Direction direction)
            throws InterruptedException {
        try {
            return switch (operation.type()) {
                case VERIFY -> {
                    verified(direction, operation.parameters())
                            .ifPresentOrElse(
                                    found -> desk.succeeded(operation, found),
                                    () -> desk.gaveWay(operation, BEFORE_A_VERIFICATION));
                    yield Optional.empty();
                }
                case REHEARSE -> done(operation, work.rehearse(direction, operation.parameters()));
                case ARM -> Optional.of(armedTurn.arm(operation, resting));
                case DISARM -> armedTurn.disarm(operation, resting);
                case CANARY -> Optional.of(canaryTurn.start(operation, resting));
                case OVERRIDE, APPROVE -> done(operation, work.consent(operation));
                case PAUSE -> {
                    work.pause(true);
                    yield done(operation, Map.of());
                }
                case RESUME -> {
                    work.pause(false);
                    yield done(operation, Map.of());
                }
                case CUTOVER, ROLLBACK -> Optional.of(switched(operation, resting, direction));
                case ABORT -> Optional.of(ended(operation, resting, WayOut.abort(resting)));
                case FINALIZE ->
                    Optional.of(ended(
                            operation,
                            resting,
                            resting instanceof MigrationState.Switched one
                                    ? Optional.of(one.end())
                                    : Optional.empty()));
            };
        } catch (FaultException refused) {
            desk.failed(operation, refused.fault());
            return Optional.empty();
        } catch (Ambiguity unknown) {
            desk.failed(operation, outcomeUnknown(unknown));
            return Optional.empty();
        } catch (RuntimeException bug) {
            desk.failed(operation, Fault.of(FaultCode.BUG, String.valueOf(bug)));
            throw bug;
        }
    }

    /** What was found; empty when it was broken off for something more urgent. */
    private Optional<Map<String, String>> verified(Direction direction, Map<String, String> parameters)
            throws InterruptedException {
        try {
            return Optional.of(breakable.run(BEFORE_A_VERIFICATION, () -> work.verify(direction, parameters)));
        } catch (InterruptedException brokenOff) {
            if (stopping.getAsBoolean()) {
                throw brokenOff;
            }
            return Optional.empty();
        }
    }

    private static Fault outcomeUnknown(Ambiguity unknown) {
        return Fault.of(FaultCode.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage()));
    }

    private Optional<MigrationState> done(Operation operation, Map<String, String> result) {
        desk.succeeded(operation, result);
        return Optional.empty();
    }

    private MigrationState ended(Operation operation, MigrationState now, Optional<MigrationState> next) {
        if (next.isEmpty()) {
            throw operation.notNow(now);
        }
        desk.whenFinal(operation);
        return next.get();
    }

    private MigrationState switched(Operation operation, MigrationState.Resting resting, Direction direction)
            throws InterruptedException {
        boolean cutover = operation.type() == Operation.Type.CUTOVER;
        if (cutover != (direction == Direction.FORWARD)) {
            throw operation.notNow(resting);
        }
        Optional<Arming> terms =
                resting instanceof MigrationState.Armed armed ? Optional.of(armed.arming()) : Optional.empty();
        admission.demand(direction, terms, operation.by());
        work.proveTouched(direction, true);
        long epoch = work.ownership().epoch();
        if (!cutover) {
            AcceptedLoss.of(operation.parameters()).covers(work.lossy(), epoch);
        }
        SwitchAttempt attempt = new SwitchAttempt(UUID.randomUUID().toString(), epoch, operation.id());
        return switch (resting) {
            case MigrationState.Ready one -> one.cutover(attempt);
            case MigrationState.Armed one -> one.cutover(attempt);
            case MigrationState.RolledBack one -> one.cutover(attempt);
            case MigrationState.Switched one -> one.rollback(attempt);
        };
    }

    private void keepRoutes(MigrationState state) throws InterruptedException {
        Optional<Side> owner = KeptRoutes.owner(state);
        if (owner.isPresent()) {
            work.keepRoutes(owner.get());
        }
    }

    /** Waits in a halted migration for somebody to have it go on, or given up. */
    MigrationState halted(MigrationState.Halted halted) throws InterruptedException {
        while (!stopping.getAsBoolean()) {
            Optional<Operation> asked = desk.begin();
            if (asked.isEmpty()) {
                keepRoutes(halted);
                attention.await(LOOK_AROUND);
                continue;
            }
            try {
                Optional<MigrationState> next = leave(halted, asked.get());
                if (next.isPresent()) {
                    return next.get();
                }
            } catch (FaultException refused) {
                desk.failed(asked.get(), refused.fault());
            } catch (Ambiguity unknown) {
                desk.failed(asked.get(), outcomeUnknown(unknown));
            }
        }
        return halted;
    }

    private Optional<MigrationState> leave(MigrationState.Halted halted, Operation operation)
            throws InterruptedException {
        return switch (operation.type()) {
            case RESUME -> {
                work.restartStreams();
                desk.succeeded(operation, Map.of());
                yield Optional.of(halted.resumed());
            }
            case ABORT -> Optional.of(ended(operation, halted, WayOut.abort(halted)));
            case CANARY -> {
                if (!(halted.during() instanceof MigrationState.Canary canary)) {
                    throw operation.notNow(halted);
                }
                MigrationState next = canaryTurn.stopped(canary, operation);
                work.restartStreams();
                yield Optional.of(next);
            }
            case CUTOVER, ROLLBACK, VERIFY, REHEARSE, ARM, DISARM, OVERRIDE, APPROVE, PAUSE, FINALIZE ->
                throw operation.notNow(halted);
        };
    }
}
