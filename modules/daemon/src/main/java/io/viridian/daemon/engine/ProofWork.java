package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Proves that both sides agree: whole, by a table, or what was touched. The conductor's thread. */
final class ProofWork {
    private static final Duration FOLLOW_LOOK = Duration.ofMillis(50);

    /** A lane that has not caught up by then will not: the budget of the write pause decides. */
    private static final Duration CATCH_UP_MOST = Duration.ofSeconds(10);

    /** A quarter of what the lane remembers, and a fraction of a second of comparing. */
    private static final int TOUCHED_AT_REST = 50_000;

    /** Some ten milliseconds of comparing while writers wait. */
    static final int TOUCHED_BEFORE_A_SWITCH = 2_000;

    private final EngineParts parts;
    private final Binding binding;
    private final WayBackKeeper wayBack;
    private final Waiter waiter = new Waiter();
    private volatile boolean paused;

    ProofWork(EngineParts parts, Binding binding, WayBackKeeper wayBack) {
        this.parts = parts;
        this.binding = binding;
        this.wayBack = wayBack;
    }

    /**
     * Waits until green follows blue closely, then compares everything.
     *
     * @param standing a fault that nothing here will end, for which it is not waited any more
     * @throws io.viridian.fault.FaultException with that fault, or when rows differ
     */
    void catchUp(Supplier<Optional<Fault>> standing) throws InterruptedException {
        Bound all = binding.require();
        while (!binding.caughtUp(Direction.FORWARD)) {
            standing.get().ifPresent(fault -> {
                throw fault.asException();
            });
            waiter.await(FOLLOW_LOOK);
        }
        requireClean(all.proving().verify(Direction.FORWARD, all.streams().require(Direction.FORWARD), Set.of()));
    }

    private static void requireClean(Verification found) {
        if (!found.clean()) {
            throw Proving.mismatch(found).asException();
        }
    }

    /** Compares everything, or the table that is asked for. */
    Map<String, String> verify(Direction direction, Map<String, String> parameters) throws InterruptedException {
        Bound all = binding.require();
        Set<TableName> only = new HashSet<>();
        String table = parameters.getOrDefault("table", "");
        if (!table.isEmpty()) {
            only.add(known(all.plan(), TableName.parse(table)));
        }
        return Proving.told(all.proving().verify(direction, all.streams().require(direction), only));
    }

    private static TableName known(Plan plan, TableName table) {
        if (!plan.tablesOn(Side.BLUE).contains(table)
                && !plan.tablesOn(Side.GREEN).contains(table)) {
            throw Fault.about(FaultCode.USAGE, table.toString(), table + " is not part of the migration")
                    .asException();
        }
        return table;
    }

    /** When everything is to be compared again. */
    Duration untilNext(Direction direction) {
        return paused || nothingFollows(direction)
                ? parts.settings().verify().every()
                : binding.require().proving().passes().untilNext(binding.lagSeconds(direction));
    }

    /** Whether this is the way back of a migration that has none: then no side follows the other any more. */
    private boolean nothingFollows(Direction direction) {
        return direction == Direction.REVERSE
                && (!binding.require().plan().reversible() || wayBack.closed().isPresent());
    }

    /**
     * Compares what was touched: at rest when it is time, before a switch always, and then the lane has caught up
     * again.
     *
     * @throws io.viridian.fault.FaultException when rows differ before a switch
     */
    void proveTouched(Direction direction, boolean switchIsNear) throws InterruptedException {
        Bound all = binding.require();
        if (nothingFollows(direction)
                || (!switchIsNear && (paused || all.proving().turn().rests()))) {
            return;
        }
        Optional<Verification> found = all.proving()
                .keepUp(
                        direction,
                        all.streams().require(direction),
                        switchIsNear ? TOUCHED_BEFORE_A_SWITCH : TOUCHED_AT_REST);
        if (switchIsNear && found.isPresent()) {
            requireClean(found.get());
            catchUpAgain(direction);
        }
    }

    /** The lane stood still for the comparison, and what it has not applied the writers would wait for. */
    private void catchUpAgain(Direction direction) throws InterruptedException {
        Deadline by = Deadline.after(parts.clock(), CATCH_UP_MOST);
        while (!by.expired() && !binding.caughtUp(direction)) {
            waiter.await(FOLLOW_LOOK);
        }
    }

    /** Holds back what is compared by itself, or no more. */
    void pause(boolean on) {
        paused = on;
    }

    boolean paused() {
        return paused;
    }
}
