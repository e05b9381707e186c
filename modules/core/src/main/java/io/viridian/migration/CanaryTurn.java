package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time with two writable sides: begun, looked after, ended. Whatever ends it, green is closed first, and what it has
 * alone is led to blue. The conductor's thread.
 */
final class CanaryTurn {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryTurn.class);
    private static final Duration LOOK_AROUND = Duration.ofSeconds(1);

    private final MigrationWork work;
    private final OperationDesk desk;
    private final Waiter attention;
    private final BooleanSupplier stopping;
    private final Clock clock;

    CanaryTurn(MigrationWork work, OperationDesk desk, Waiter attention, BooleanSupplier stopping, Clock clock) {
        this.work = work;
        this.desk = desk;
        this.attention = attention;
        this.stopping = stopping;
        this.clock = clock;
    }

    /** Only READY leads here: a green that has owned the writes holds rows that blue may not. */
    MigrationState start(Operation operation, MigrationState.Resting resting) throws InterruptedException {
        if (!(resting instanceof MigrationState.Ready ready) || stops(operation)) {
            throw operation.notNow(resting);
        }
        return ready.canary(work.canary().terms(operation));
    }

    /** What this state does, until it is left. */
    MigrationState turn(MigrationState.Canary canary) throws InterruptedException {
        return switch (canary.phase()) {
            case OPENING -> opening(canary);
            case OPEN -> open(canary);
            case CLOSING -> {
                work.canary().close(canary.terms());
                running().forEach(one -> desk.succeeded(one, canary.terms().told()));
                work.tell("canary.closed", "green is closed to applications; both sides are being compared");
                yield canary.closed();
            }
        };
    }

    private MigrationState opening(MigrationState.Canary canary) throws InterruptedException {
        try {
            work.canary().open(canary.terms());
        } catch (FaultException refused) {
            if (refused.code().retry() == Retry.AUTOMATIC) {
                throw refused;
            }
            LOG.warn("green is not opened: {}", refused.fault().sentence());
            running().forEach(one -> desk.failed(one, refused.fault()));
            return canary.closing();
        }
        running().forEach(one -> desk.succeeded(one, canary.terms().told()));
        work.tell(
                "canary.open",
                "applications may write on both sides until " + canary.terms().until() + "; conflicts: "
                        + canary.terms().conflicts().text());
        return canary.opened();
    }

    private MigrationState open(MigrationState.Canary canary) throws InterruptedException {
        work.canary().ensure(canary.terms());
        for (Operation left : running()) {
            // An earlier daemon had begun it.
            if (stops(left)) {
                return stopped(canary, left);
            }
            desk.succeeded(left, canary.terms().told());
        }
        while (!stopping.getAsBoolean()) {
            Optional<String> over = over(canary);
            if (over.isPresent()) {
                LOG.warn("the canary ends: {}", over.get());
                work.tell("canary.ending", over.get());
                return canary.closing();
            }
            Optional<Operation> asked = desk.begin();
            if (asked.isEmpty()) {
                attention.await(LOOK_AROUND);
                continue;
            }
            try {
                return stopped(canary, asked.get());
            } catch (FaultException refused) {
                desk.failed(asked.get(), refused.fault());
            }
        }
        return canary;
    }

    private Optional<String> over(MigrationState.Canary canary) {
        Optional<String> late =
                clock.now().isBefore(canary.terms().until()) ? Optional.empty() : Optional.of("its time is over");
        return late.or(() -> work.standingFault().map(Fault::sentence))
                .or(() -> work.canary().obstacle());
    }

    /** Ends one that runs or has halted; the operation succeeds once green is closed and drained. */
    MigrationState stopped(MigrationState.Canary canary, Operation operation) {
        if (operation.type() != Operation.Type.CANARY || !stops(operation)) {
            throw operation.notNow(canary);
        }
        String policy = operation.parameters().getOrDefault("conflicts", "");
        if (policy.isEmpty()) {
            return canary.closing();
        }
        return canary.decided(ConflictPolicy.parse(policy)
                .orElseThrow(() -> Fault.of(FaultCode.USAGE, "no such answer to conflicts: " + policy)
                        .asException()));
    }

    private List<Operation> running() {
        return desk.open().stream()
                .filter(one -> one.type() == Operation.Type.CANARY && one.status() == Operation.Status.RUNNING)
                .toList();
    }

    private static boolean stops(Operation operation) {
        return operation.parameters().getOrDefault("action", "start").equals("stop");
    }
}
