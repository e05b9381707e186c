package io.viridian.migration;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.plan.Side;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a migration through its states: does the work of the state, journals the next. One thread runs it;
 * {@link #attention} and the getters are for any.
 */
public final class Conductor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);

    /** A fault that heals by itself is retried for ever, but never more often than this. */
    private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), Integer.MAX_VALUE);

    /** Work that meets the same fault again does so within this: connecting gives up after ten seconds. */
    private static final Duration FAULT_SHOWN = Duration.ofSeconds(30);

    private final MigrationWork work;
    private final OperationDesk desk;
    private final ArmedTurn armedTurn;
    private final CanaryTurn canaryTurn;
    private final RestTurn restTurn;
    private final BreakableWork breakable;
    private final StateListener listener;
    private final Failpoints failpoints;
    private final Clock clock;
    private final Waiter attention = new Waiter();
    private @Nullable Journal journal;
    private long sequence;
    private volatile MigrationState state;
    private volatile @Nullable Trouble trouble;
    private volatile boolean stopping;
    private boolean settled;

    /** The state that follows and is not written yet: asked of the journal again until it answers. */
    private @Nullable MigrationState unwritten;

    /** Whether the state was found in the journal and not entered by this daemon. */
    private boolean inherited = true;

    /** The switch that was begun just now. Any other that is met was broken off, and is read back instead of run. */
    private @Nullable SwitchAttempt begun;

    /** Told of every state entered, on the conductor's thread. */
    @FunctionalInterface
    public interface StateListener {
        void entered(MigrationState state);
    }

    /**
     * A conductor that goes on where the journal ends.
     *
     * @param existing the journal, when there is one
     * @param ended how the migration ended, when nothing but a note of that is left
     */
    public Conductor(
            MigrationWork work,
            Optional<Journal> existing,
            Optional<MigrationState> ended,
            OperationDesk desk,
            StateListener listener,
            Failpoints failpoints,
            Clock clock) {
        this.work = work;
        this.desk = desk;
        this.armedTurn = new ArmedTurn(work, desk, clock);
        this.canaryTurn = new CanaryTurn(work, desk, attention, () -> stopping, clock);
        this.breakable = new BreakableWork(desk, () -> stopping);
        this.restTurn = new RestTurn(work, desk, armedTurn, canaryTurn, breakable, attention, () -> stopping);
        this.listener = listener;
        this.failpoints = failpoints;
        this.clock = clock;
        Optional<Journal.Entry> last = existing.flatMap(Journal::last);
        this.journal = existing.orElse(null);
        this.sequence = last.map(Journal.Entry::sequence).orElse(0L);
        this.state = last.map(Journal.Entry::state).or(() -> ended).orElseGet(MigrationState.New::new);
    }

    public MigrationState state() {
        return state;
    }

    /** The fault that is being retried, or that ended the conductor; empty when the work has got over it. */
    public Optional<Fault> retrying() {
        return Optional.ofNullable(trouble)
                .filter(one -> stopping || clock.since(one.sinceNanoTime()).compareTo(FAULT_SHOWN) < 0)
                .map(Trouble::fault);
    }

    /** A fault, and when the work it befell was last begun again. */
    private record Trouble(Fault fault, long sinceNanoTime) {}

    private void show(Fault fault) {
        trouble = new Trouble(fault, clock.nanoTime());
    }

    /** Something was asked for: looks at it as soon as the state allows, and breaks off work that may be broken off. */
    public void attention() {
        attention.wake();
        breakable.lookAround();
    }

    /** Asks the loop to end; the state stays as it is. */
    public void stop() {
        stopping = true;
        attention.wake();
        breakable.lookAround();
    }

    @Override
    public void run() {
        listener.entered(state);
        int attempt = 0;
        while (!stopping && !(state instanceof MigrationState.Final)) {
            try {
                goOn();
                trouble = null;
                attempt = 0;
            } catch (FaultException failure) {
                attempt++;
                failed(failure.fault(), failure, attempt);
            } catch (Ambiguity unknown) {
                attempt++;
                failed(Fault.of(FaultCode.OUTCOME_UNKNOWN, String.valueOf(unknown.getMessage())), unknown, attempt);
            } catch (RuntimeException bug) {
                failed(Fault.of(FaultCode.BUG, String.valueOf(bug)), bug, 1);
            }
        }
    }

    /** One turn, and its outcome written down; a turn whose outcome could not be written is not taken again. */
    private void goOn() {
        if (!settled) {
            desk.settle(state);
            settled = true;
        }
        MigrationState next = unwritten;
        if (next == null) {
            next = turnOrBrokenOff();
            begun = state instanceof MigrationState.Resting && next instanceof MigrationState.Switching one
                    ? one.attempt()
                    : null;
            unwritten = next;
        }
        enter(next);
        unwritten = null;
    }

    private MigrationState turnOrBrokenOff() {
        try {
            return turn(state);
        } catch (InterruptedException askedTo) {
            return brokenOff().orElse(state);
        } catch (RuntimeException failure) {
            if (!stopping && !desk.waits(Operation.Type.ABORT)) {
                throw failure;
            }
            // Interrupted work fails in words of its own: a connection breaks, a driver is surprised.
            LOG.info("{}: broken off: {}", StateName.of(state), failure.getMessage());
            return brokenOff().orElse(state);
        }
    }

    /** One turn: do the work of this state, answer the state that follows. The whole lifecycle is this switch. */
    private MigrationState turn(MigrationState now) throws InterruptedException {
        return switch (now) {
            case MigrationState.New one -> one.begin();
            case MigrationState.Preflight one -> {
                breakable(work::preflight);
                yield one.passed();
            }
            case MigrationState.Preparing one -> {
                breakable(work::prepare);
                yield one.prepared();
            }
            case MigrationState.Backfilling one -> {
                work.ensureStreams(Side.BLUE);
                breakable(work::backfill);
                yield one.loaded();
            }
            case MigrationState.CatchingUp one -> {
                work.ensureStreams(Side.BLUE);
                breakable(work::catchUp);
                Optional<Arming> standing = work.standingArming();
                yield standing.isPresent() ? one.caughtUpArmed(standing.get(), clock.now()) : one.caughtUp();
            }
            case MigrationState.Ready one -> restTurn.rest(one, Side.BLUE);
            case MigrationState.Armed one ->
                inherited && !one.arming().standing()
                        ? armedTurn.disarmed(one, "the daemon that was asked is gone")
                        : restTurn.rest(one, Side.BLUE);
            case MigrationState.RolledBack one -> restTurn.rest(one, Side.BLUE);
            case MigrationState.Switched one -> restTurn.rest(one, Side.GREEN);
            case MigrationState.Canary one -> canaryTurn.turn(one);
            case MigrationState.Switching one -> {
                MigrationState end = switching(one);
                failpoints.pass(CrashPoint.SWITCH_SETTLED);
                yield end;
            }
            case MigrationState.Finalizing one -> {
                work.remove(Side.GREEN, true);
                yield one.removed();
            }
            case MigrationState.Aborting one -> {
                work.remove(Side.BLUE, false);
                yield one.removed();
            }
            case MigrationState.Halted one -> restTurn.halted(one);
            case MigrationState.Final one -> one;
        };
    }

    /**
     * A switch runs once. Its nonce is in the streams from then on, so one that was broken off, by a crash, a halt or a
     * journal that did not answer, is read back and taken forward or undone; nobody drains to the same marker twice.
     */
    private MigrationState switching(MigrationState.Switching one) throws InterruptedException {
        SwitchRun run = new SwitchRun(work, desk, clock, this::journaled, this::show);
        boolean justBegun = one.attempt().equals(begun);
        begun = null;
        return justBegun ? run.run(one) : run.recover(one);
    }

    private interface Part {
        void run() throws InterruptedException;
    }

    private void breakable(Part part) throws InterruptedException {
        breakable.run(Set.of(Operation.Type.ABORT), () -> {
            part.run();
            return true;
        });
    }

    /** Work was broken off: by an abort, or because the daemon stops. */
    private Optional<MigrationState> brokenOff() {
        if (stopping) {
            return Optional.empty();
        }
        Optional<Operation> asked = desk.begin(Operation.Type.ABORT);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Optional<MigrationState> aborting = WayOut.abort(state);
        if (aborting.isPresent()) {
            desk.whenFinal(asked.get());
        } else {
            desk.failed(asked.get(), Fault.of(FaultCode.USAGE, "there is nothing to abort in " + StateName.of(state)));
        }
        return aborting;
    }

    private void failed(Fault fault, Throwable cause, int attempt) {
        begun = null;
        if (mayHeal(fault)) {
            tryAgain(fault, attempt);
            return;
        }
        LOG.error(
                "{}: {}. {}",
                StateName.of(state),
                fault.sentence(),
                fault.code().remedy(),
                cause);
        Optional<MigrationState> halted = unwritten == null ? WayOut.halt(state, fault) : Optional.empty();
        if (halted.isPresent()) {
            unwritten = halted.get();
        } else {
            // Nothing of ours exists yet, or the journal refuses: then not even that can be written down.
            show(fault);
            stopping = true;
        }
    }

    /**
     * In the middle of a switch writers may be waiting, so whatever a person could mend is tried until it is mended.
     */
    private boolean mayHeal(Fault fault) {
        boolean mendable = fault.code().retry() == Retry.AFTER_MENDING;
        boolean inSwitch = state instanceof MigrationState.Switching && unwritten == null;
        return fault.code().retry() == Retry.AUTOMATIC || (mendable && inSwitch);
    }

    private void tryAgain(Fault fault, int attempt) {
        show(fault);
        Duration wait = RETRY.waitAfter(attempt);
        LOG.warn(
                "{}: {}. Tries again in {} ms (attempt {}). {}",
                StateName.of(state),
                fault.sentence(),
                wait.toMillis(),
                attempt,
                fault.code().remedy());
        try {
            attention.await(wait);
        } catch (InterruptedException stopped) {
            LOG.debug("woken while waiting to try again");
        }
        show(fault);
    }

    private void enter(MigrationState next) {
        if (next.equals(state)) {
            return;
        }
        if (next instanceof MigrationState.Preparing) {
            journal = work.createJournal();
            sequence = journal.last().map(Journal.Entry::sequence).orElse(0L);
            failpoints.pass(CrashPoint.PREPARE_PLAN_PINNED);
        }
        journaled(next);
    }

    /** Writes the state down, unless nothing of ours exists yet or any more, and lives in it from here on. */
    private void journaled(MigrationState next) {
        Journal durable = journal;
        long written = durable == null || next instanceof MigrationState.Final
                ? sequence
                : durable.append(sequence, next).sequence();
        if (next instanceof MigrationState.Halted) {
            desk.halted();
        }
        sequence = written;
        state = next;
        inherited = false;
        listener.entered(next);
        if (next instanceof MigrationState.Final) {
            desk.ended();
        }
    }
}
