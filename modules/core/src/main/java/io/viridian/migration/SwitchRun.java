package io.viridian.migration;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.plan.Direction;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One switch of ownership, step by step. The steps before the commit point are not journaled one by one: they die with
 * the process, and every journal line would lengthen the write pause. The conductor's thread.
 */
final class SwitchRun {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchRun.class);
    private static final Backoff FORWARD_ONLY =
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5), Integer.MAX_VALUE);

    private final MigrationWork work;
    private final OperationDesk desk;
    private final Clock clock;
    private final Consumer<MigrationState> shown;
    private final Consumer<Fault> trouble;

    /**
     * A run of one switch.
     *
     * @param shown journals a state and shows it to the outside
     * @param trouble told of every fault that is being tried again
     */
    SwitchRun(
            MigrationWork work,
            OperationDesk desk,
            Clock clock,
            Consumer<MigrationState> shown,
            Consumer<Fault> trouble) {
        this.work = work;
        this.desk = desk;
        this.clock = clock;
        this.shown = shown;
        this.trouble = trouble;
    }

    /** Performs every step; answers the state it ends in. */
    MigrationState run(MigrationState.Switching start) throws InterruptedException {
        Direction direction = start.direction();
        SwitchAttempt attempt = start.attempt();
        long began = clock.nanoTime();
        try {
            for (SwitchStep step = start.step(); step.isVolatile(); step = step.next()) {
                work.switchover().perform(direction, step, attempt);
                unlessDisarmed(direction);
                unlessMoreIsLost(start, step);
            }
            work.switchover().perform(direction, SwitchStep.COMMIT, attempt);
        } catch (Ambiguity lost) {
            LOG.warn("the answer to the deciding commit was lost; reading it back");
            if (work.switchover().resolve(direction, attempt) == Switchover.Decision.NOT_SWITCHED) {
                return undone(start, Fault.of(FaultCode.OUTCOME_UNKNOWN, "the deciding commit did not happen"), true);
            }
        } catch (FaultException refused) {
            return undone(start, refused.fault(), true);
        } catch (RuntimeException bug) {
            letWritersGo(start, bug);
            throw bug;
        }
        LOG.info("ownership moved after {} ms", clock.since(began).toMillis());
        return forward(start);
    }

    /** Up to the commit point a cutover can be taken back. */
    private void unlessDisarmed(Direction direction) {
        if (direction == Direction.FORWARD && desk.waits(Operation.Type.DISARM)) {
            throw Fault.of(FaultCode.CONFLICT, "an operator disarmed it before the commit point")
                    .asException();
        }
    }

    /** What came after the gates were read is known once all of it has come. */
    private void unlessMoreIsLost(MigrationState.Switching start, SwitchStep step) {
        if (start.direction() == Direction.REVERSE && step == SwitchStep.DRAIN) {
            SwitchAttempt attempt = start.attempt();
            desk.find(attempt.operation())
                    .map(operation -> AcceptedLoss.of(operation.parameters()))
                    .orElseGet(() -> AcceptedLoss.of(Map.of()))
                    .covers(work.lossy(), attempt.fromEpoch());
        }
    }

    /** A bug halts the migration, which may take a person hours to see: the writers do not wait for that. */
    private void letWritersGo(MigrationState.Switching start, RuntimeException bug) throws InterruptedException {
        try {
            work.switchover().undo(start.direction(), start.attempt());
        } catch (FaultException | Ambiguity failure) {
            bug.addSuppressed(failure);
        }
    }

    /** A switch that was broken off, by a crash or a halt: reads which way it went, then goes on or back. */
    MigrationState recover(MigrationState.Switching interrupted) throws InterruptedException {
        Switchover.Decision decision = work.switchover().resolve(interrupted.direction(), interrupted.attempt());
        work.ensureStreams(
                decision == Switchover.Decision.SWITCHED
                        ? interrupted.direction().target()
                        : interrupted.direction().source());
        return decision == Switchover.Decision.SWITCHED
                ? forward(interrupted)
                : undone(
                        interrupted,
                        Fault.of(FaultCode.OUTCOME_UNKNOWN, "the switch was broken off before the commit point"),
                        false);
    }

    /** After the commit point there is only forward, however often it takes. */
    private MigrationState forward(MigrationState.Switching start) throws InterruptedException {
        Waiter nap = new Waiter();
        SwitchStep step = start.step() == SwitchStep.ROUTE ? SwitchStep.ROUTE : SwitchStep.OPEN;
        for (int tries = 1; ; ) {
            try {
                work.switchover().perform(start.direction(), step, start.attempt());
                if (step == SwitchStep.ROUTE) {
                    return switched(start);
                }
                step = SwitchStep.ROUTE;
                shown.accept(at(start, step));
                tries = 1;
            } catch (FaultException | Ambiguity failure) {
                if (failure instanceof FaultException known && known.code().retry() == Retry.NEVER) {
                    throw known;
                }
                trouble.accept(
                        failure instanceof FaultException known
                                ? known.fault()
                                : Fault.of(FaultCode.OUTCOME_UNKNOWN, String.valueOf(failure.getMessage())));
                LOG.error("step {} failed, and there is only forward: {}. Tries again.", step, failure.getMessage());
                nap.await(FORWARD_ONLY.waitAfter(tries++));
            }
        }
    }

    private static MigrationState at(MigrationState.Switching start, SwitchStep step) {
        return switch (start) {
            case MigrationState.CuttingOver one -> one.at(step);
            case MigrationState.RollingBack one -> new MigrationState.RollingBack(step, one.attempt());
        };
    }

    private MigrationState switched(MigrationState.Switching start) {
        Map<String, String> result = new LinkedHashMap<>(measured());
        LOG.info("switched; it took {}", result);
        desk.find(start.attempt().operation()).ifPresent(operation -> desk.succeeded(operation, result));
        return switch (start) {
            case MigrationState.CuttingOver one -> one.switched();
            case MigrationState.RollingBack one -> one.rolledBack();
        };
    }

    /**
     * Back to where it came from.
     *
     * @param seen whether it was seen how it went; a person's arming does not outlive the daemon that was asked
     */
    private MigrationState undone(MigrationState.Switching start, Fault why, boolean seen) throws InterruptedException {
        work.switchover().undo(start.direction(), start.attempt());
        LOG.warn("undone, writes go on: {}", why.sentence());
        Map<String, String> result = new LinkedHashMap<>(measured());
        desk.find(start.attempt().operation()).ifPresent(operation -> desk.undone(operation, why, result));
        return switch (start) {
            case MigrationState.CuttingOver one when staysArmed(one, seen) -> one.undoneArmed(clock.now());
            case MigrationState.CuttingOver one -> one.again() ? one.undoneAgain() : one.undone();
            case MigrationState.RollingBack one -> one.undone();
        };
    }

    private boolean staysArmed(MigrationState.CuttingOver undone, boolean seen) {
        Optional<Arming> arming = undone.armed();
        if (arming.isEmpty()) {
            return false;
        }
        boolean holds = seen || arming.get().standing();
        if (holds && arming.get().attempted().isPresent()) {
            return true;
        }
        work.tell("cutover.disarmed", holds ? "no attempt is left" : "the daemon that was asked is gone");
        return false;
    }

    private Map<String, String> measured() {
        return SwitchCost.told(work.switchover().writePause(), work.switchover().durations());
    }
}
