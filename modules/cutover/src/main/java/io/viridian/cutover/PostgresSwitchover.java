package io.viridian.cutover;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Invariant;
import io.viridian.fault.Retry;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.migration.Switchover;
import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switch of a PostgreSQL pair. Holds at most one attempt; what it holds dies with the process, and the server then
 * undoes it. Conductor's thread only, except {@link #writePause} and {@link #durations}.
 */
public final class PostgresSwitchover implements Switchover {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSwitchover.class);

    private final SwitchParts parts;
    private final Map<SwitchStep, Step> steps = new EnumMap<>(SwitchStep.class);
    private final Stopwatch stopwatch;
    private @Nullable Crossing crossing;
    private boolean rehearsing;

    public PostgresSwitchover(SwitchParts parts) {
        this.parts = parts;
        this.stopwatch = new Stopwatch(parts.clock());
        steps.put(SwitchStep.FENCE, new FenceSource(stopwatch::waiting));
        steps.put(SwitchStep.DRAIN, new Drain());
        steps.put(SwitchStep.VERIFY, new FinalVerify());
        steps.put(SwitchStep.SEQUENCES, new Sequences());
        steps.put(SwitchStep.REVERSE, new ProveReverse());
        steps.put(SwitchStep.COMMIT, new CommitPoint());
        steps.put(SwitchStep.OPEN, new OpenTarget(() -> stopwatch.waiting(false)));
        steps.put(SwitchStep.ROUTE, new Route());
    }

    @Override
    public void perform(Direction direction, SwitchStep step, SwitchAttempt attempt) throws InterruptedException {
        if (step == SwitchStep.FENCE) {
            stopwatch.begin();
        }
        Crossing current = crossing(direction, attempt);
        long started = parts.clock().nanoTime();
        boolean done = false;
        try {
            steps.getOrDefault(step, PostgresSwitchover::unknown).perform(current);
            done = true;
        } finally {
            stopwatch.took(step, parts.clock().since(started));
            if (!done && step.isVolatile()) {
                // Whatever it was, writers need not wait until somebody has decided what to do about it.
                current.letGo();
                parts.traffic().release();
                stopwatch.waiting(false);
            }
        }
    }

    private static void unknown(Crossing crossing) {
        throw Invariant.broken("no such step of " + crossing.attempt());
    }

    private Crossing crossing(Direction direction, SwitchAttempt attempt) {
        Crossing current = crossing;
        if (current != null
                && current.direction() == direction
                && current.attempt().equals(attempt)) {
            return current;
        }
        if (current != null) {
            current.letGo();
        }
        Crossing fresh = new Crossing(direction, attempt, parts, rehearsing);
        crossing = fresh;
        return fresh;
    }

    /**
     * Lets the writers go on, then takes back the attempt's claim, so that not even a daemon that wakes up later can
     * carry it on. An interrupt does not keep it from finishing.
     *
     * @throws FaultException when the claim could not be taken back and the attempt was not this process's: the caller
     *     tries again; with CONFLICT when there is nothing to undo any more because ownership has moved
     */
    @Override
    public void undo(Direction direction, SwitchAttempt attempt) {
        boolean interrupted = Thread.interrupted();
        try {
            boolean held = crossing != null && crossing.attempt().equals(attempt);
            forget();
            takeBack(direction, attempt, held);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void forget() {
        if (crossing != null) {
            crossing.letGo();
            crossing = null;
        }
        parts.traffic().release();
        stopwatch.waiting(false);
    }

    private void takeBack(Direction direction, SwitchAttempt attempt, boolean held) {
        Decision decision;
        try {
            decision = resolution(direction).lookOnce(attempt);
        } catch (FaultException | Ambiguity failure) {
            boolean heals =
                    !(failure instanceof FaultException fault) || fault.code().retry() == Retry.AUTOMATIC;
            if (!held || !heals) {
                throw failure;
            }
            LOG.warn(
                    "The switch was undone; its claim on {} stays behind, without effect, until the next attempt: {}",
                    direction.source().text(),
                    failure.getMessage());
            return;
        }
        if (decision == Decision.SWITCHED) {
            throw Fault.about(
                            FaultCode.CONFLICT,
                            direction.source().text(),
                            direction.source().text() + " has handed over already: there is nothing to undo")
                    .asException();
        }
    }

    @Override
    public Decision resolve(Direction direction, SwitchAttempt attempt) throws InterruptedException {
        Decision decision = resolution(direction).resolve(attempt);
        if (decision == Decision.NOT_SWITCHED) {
            stopwatch.waiting(false);
        }
        return decision;
    }

    private Resolution resolution(Direction direction) {
        return new Resolution(parts.on(direction.source()), parts.settings().migration(), parts.clock());
    }

    /**
     * Everything up to the commit point under real load, then undone, however it went.
     *
     * @throws FaultException with what kept it from reaching the commit point
     */
    public Rehearsal rehearse(Direction direction, SwitchAttempt attempt) throws InterruptedException {
        rehearsing = true;
        try {
            for (SwitchStep step = SwitchStep.FENCE; step.isVolatile(); step = step.next()) {
                perform(direction, step, attempt);
            }
        } finally {
            rehearsing = false;
            undo(direction, attempt);
        }
        return new Rehearsal(writePause(), durations());
    }

    @Override
    public Duration writePause() {
        return stopwatch.paused();
    }

    @Override
    public Map<SwitchStep, Duration> durations() {
        return stopwatch.durations();
    }
}
