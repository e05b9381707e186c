package io.viridian.cutover;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.postgres.slot.Publications;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * FENCE: locks every table of the side that owns the writes, in one statement. The lock waits for the writers in
 * flight, prepared transactions included, and makes later ones wait; reads go on. No transaction id is taken yet,
 * because one would keep replication slots from being created. Undone by letting go.
 */
final class FenceSource implements Step {
    /** The lock was not granted in time, the whole list was not in time, or an application won a deadlock. */
    private static final Set<String> TRY_AGAIN = Set.of("55P03", "57014", "40P01");

    /** From now on only this attempt may hand over: the deciding commit asks for its nonce. */
    private static final String CLAIM = """
            update viridian.ownership set nonce = ?, changed_at = clock_timestamp()
            where migration = ? and owner = ? and epoch = ? and state = 'OPEN'
            """;

    /** Connecting to both sides and asking them for the first time, on a bad day. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(15);

    /** What holds applications back lets go by itself so long after the switch should have been over. */
    private static final Duration HELD_BEYOND_THE_BUDGET = Duration.ofSeconds(1);

    private final Consumer<Boolean> waiting;
    private final Waiter waiter = new Waiter();

    /**
     * The step.
     *
     * @param waiting told when writers begin to wait for an attempt to lock (true) and when one was given up (false)
     */
    FenceSource(Consumer<Boolean> waiting) {
        this.waiting = waiting;
    }

    @Override
    public void perform(Crossing crossing) throws InterruptedException {
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_INTENT_JOURNALED);
        crossing.letGo();
        SwitchParts parts = crossing.parts();
        Fence fence = Fence.open(crossing.source(), crossing.target(), parts.settings(), parts.clock());
        try {
            claim(crossing, fence.source());
            requireClosed(crossing, fence.target());
            makeReady(crossing, fence);
            // What is refused under the locks is refused before somebody waits, and asked a second time it is quick.
            requireClosable(crossing, fence.locks());
            lock(crossing, fence);
            crossing.bounded(SwitchStep.FENCE, fence.locks(), () -> {
                fence.limit(crossing.budget());
                requireClosable(crossing, fence.locks());
                // Before the locks it could be changed again; behind them no row is written that it might leave out.
                Publications.requireAsMade(fence.locks(), parts.publication().apply(crossing.direction()));
            });
        } catch (RuntimeException | Error | InterruptedException failure) {
            crossing.letGo();
            fence.close();
            throw failure;
        }
        parts.failpoints().pass(CrashPoint.SWITCH_FENCE_LOCKED);
    }

    /** What the later steps would else do while writers wait. */
    private static void makeReady(Crossing crossing, Fence fence) throws InterruptedException {
        SwitchParts parts = crossing.parts();
        parts.guard().practise(crossing.closesSessions() ? fence.source() : fence.locks());
        parts.guard().practise(fence.target());
        if (parts.plan().reversible()) {
            crossing.laneBack().prepareToApply();
        }
        parts.traffic().makeReadyToHold(parts.settings().writePauseBudget().plus(HELD_BEYOND_THE_BUDGET));
        crossing.verifiesWith(parts.verifier()
                .prepareRows(
                        crossing.direction(),
                        crossing.lane().touched().orElse(Map.of()),
                        Deadline.after(parts.clock(), READY_WITHIN)));
    }

    private static void claim(Crossing crossing, Session session) {
        long claimed = session.update(
                CLAIM,
                crossing.attempt().nonce(),
                crossing.migration(),
                crossing.from().text(),
                crossing.attempt().fromEpoch());
        if (claimed != 1) {
            throw Fault.about(
                            FaultCode.CONFLICT,
                            crossing.from().text(),
                            crossing.from().text() + " does not own the writes at epoch "
                                    + crossing.attempt().fromEpoch() + "; its row says "
                                    + OwnershipRows.read(session, crossing.migration()))
                    .asException();
        }
    }

    private static void requireClosed(Crossing crossing, Session target) {
        GuardState guard = Guard.inspect(target);
        if (!guard.closed()) {
            throw Fault.about(
                            FaultCode.GATE_REFUSED,
                            crossing.to().text(),
                            "the guard of " + crossing.to().text() + " is not closed (" + guard
                                    + "): somebody else may be writing there")
                    .asException();
        }
    }

    private void lock(Crossing crossing, Fence fence) throws InterruptedException {
        String tables = String.join(
                ", ", LockOrder.observed(fence.source(), crossing.parts().plan().tablesOn(crossing.from())));
        String statement = "lock table " + tables + " in share row exclusive mode";
        List<String> blockers = new ArrayList<>();
        for (int attempt = 1; attempt <= crossing.settings().lockAttempts(); attempt++) {
            if (attempt > 1) {
                waiter.await(jittered(crossing.settings().lockPatience()));
            }
            if (locked(crossing, fence, statement, blockers)) {
                return;
            }
        }
        throw timeout(crossing, blockers);
    }

    /** Writers that queued behind the last attempt must get through before the next one. */
    private static Duration jittered(Duration patience) {
        return patience.multipliedBy(ThreadLocalRandom.current().nextLong(100, 200))
                .dividedBy(100);
    }

    private boolean locked(Crossing crossing, Fence fence, String statement, List<String> seen)
            throws InterruptedException {
        SwitchParts parts = crossing.parts();
        Session locks = fence.locks();
        crossing.fenced(fence, Deadline.after(parts.clock(), parts.settings().writePauseBudget()));
        waiting.accept(true);
        Optional<String> busy = held(parts);
        if (busy.isPresent()) {
            waiting.accept(false);
            seen.clear();
            seen.add(busy.get());
            return false;
        }
        Blockers blockers = Blockers.of(
                fence.source(), locks.pid(), parts.settings().lockPatience(), crossing.mayEnd(), parts.clock());
        Optional<FaultException> refused = tried(crossing, locks, statement);
        List<String> found = blockers.finish();
        if (refused.isEmpty()) {
            return true;
        }
        parts.traffic().release();
        waiting.accept(false);
        if (!TRY_AGAIN.contains(refused.get().fault().sqlState())) {
            throw refused.get();
        }
        seen.clear();
        seen.addAll(found);
        return false;
    }

    /** Has the applications wait where something can do that; what keeps them from it otherwise. */
    private static Optional<String> held(SwitchParts parts) {
        try {
            parts.traffic().hold(Deadline.after(parts.clock(), parts.settings().lockPatience()));
            return Optional.empty();
        } catch (FaultException late) {
            parts.traffic().release();
            return Optional.of(late.fault().sentence());
        }
    }

    private static Optional<FaultException> tried(Crossing crossing, Session locks, String statement) {
        locks.begin();
        try {
            crossing.bounded(SwitchStep.FENCE, locks, () -> locks.execute(statement));
            return Optional.empty();
        } catch (FaultException failure) {
            locks.rollback();
            return Optional.of(failure);
        }
    }

    private static FaultException timeout(Crossing crossing, List<String> blockers) {
        String who = blockers.isEmpty()
                ? "nobody was seen holding them"
                : blockers.stream().collect(Collectors.joining("; ", "blocked by ", ""));
        return Fault.about(
                        FaultCode.LOCK_TIMEOUT,
                        crossing.from().text(),
                        "the tables of " + crossing.from().text() + " could not be locked within "
                                + crossing.settings().lockPatience().toMillis() + " ms in "
                                + crossing.settings().lockAttempts() + " attempts, " + who)
                .asException();
    }

    private static void requireClosable(Crossing crossing, Session locks) {
        if (crossing.closesSessions()) {
            SessionFence.requireAble(crossing, locks);
        } else {
            requireGuarded(crossing, locks);
        }
    }

    /** Under the locks nobody can add a partition, so what is guarded now stays so until the deciding commit. */
    private static void requireGuarded(Crossing crossing, Session locks) {
        GuardState guard = Guard.inspect(locks);
        List<TableName> unguarded =
                Guard.unguarded(locks, crossing.parts().plan().tablesOn(crossing.from()));
        if (guard instanceof GuardState.Absent || guard.closed() || !unguarded.isEmpty()) {
            throw Fault.about(
                            FaultCode.GATE_REFUSED,
                            unguarded.isEmpty()
                                    ? "viridian.guard()"
                                    : unguarded.getFirst().toString(),
                            "closing " + crossing.from().text() + " would not close everything: the guard is " + guard
                                    + ", tables without its trigger: " + unguarded)
                    .asException();
        }
    }
}
