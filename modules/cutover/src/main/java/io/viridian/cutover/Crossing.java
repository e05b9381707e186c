package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.proof.Verifier;
import io.viridian.time.Deadline;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its way from the source of its direction to the target. What it holds dies with the process; after a
 * crash the steps from COMMIT on begin with an empty one. Conductor's thread only.
 */
final class Crossing {
    private static final String CANCELLED = "57014";

    private final Direction direction;
    private final SwitchAttempt attempt;
    private final SwitchParts parts;
    private final boolean rehearsal;
    private @Nullable Fence fence;
    private Verifier.@Nullable PreparedComparison comparison;
    private @Nullable Deadline budget;
    private Lsn drainedAt = Lsn.ZERO;
    private Lsn reverseFrom = Lsn.ZERO;

    /** @param rehearsal whether it turns back before the commit point, and nobody is to be harmed by it */
    Crossing(Direction direction, SwitchAttempt attempt, SwitchParts parts, boolean rehearsal) {
        this.direction = direction;
        this.attempt = attempt;
        this.parts = parts;
        this.rehearsal = rehearsal;
    }

    /** Whose sessions may be ended when the fence waits for them. */
    IdleWriters mayEnd() {
        return rehearsal ? IdleWriters.NONE : settings().idleWriters();
    }

    Direction direction() {
        return direction;
    }

    /** The direction whose lane carries the rows after the switch. */
    Direction back() {
        return Direction.from(direction.target());
    }

    SwitchAttempt attempt() {
        return attempt;
    }

    SwitchParts parts() {
        return parts;
    }

    SwitchSettings settings() {
        return parts.settings();
    }

    /** Whether the side that is left has no triggers, and is closed by its sessions instead. */
    boolean closesSessions() {
        return from() == Side.BLUE && settings().closing() == Closing.SESSIONS;
    }

    String migration() {
        return parts.settings().migration();
    }

    Side from() {
        return direction.source();
    }

    Side to() {
        return direction.target();
    }

    Database source() {
        return parts.on(from());
    }

    Database target() {
        return parts.on(to());
    }

    Lane lane() {
        return parts.lane(direction);
    }

    /** The lane of the other direction; only when the plan is reversible. */
    Lane laneBack() {
        return parts.lane(back());
    }

    boolean fenced() {
        return fence != null;
    }

    Fence fence() {
        Fence held = fence;
        if (held == null) {
            throw lost();
        }
        return held;
    }

    FaultException lost() {
        return Fault.about(
                        FaultCode.LOCK_TIMEOUT,
                        from().text(),
                        "the locks of this attempt are gone: the daemon that held them has ended; nothing was switched")
                .asException();
    }

    /** Made ready before anybody waits. */
    void verifiesWith(Verifier.PreparedComparison ready) {
        comparison = ready;
    }

    Verifier.PreparedComparison comparison() {
        Verifier.PreparedComparison ready = comparison;
        if (ready == null) {
            throw lost();
        }
        return ready;
    }

    /** Writers may be waiting from now on. */
    void fenced(Fence held, Deadline by) {
        fence = held;
        budget = by;
    }

    Deadline budget() {
        Deadline by = budget;
        if (by == null) {
            throw lost();
        }
        return by;
    }

    /** Refuses to go on when the writers have waited long enough. */
    void requireTime(SwitchStep step) {
        if (budget().expired()) {
            throw overBudget(step, null);
        }
    }

    private FaultException overBudget(SwitchStep step, @Nullable Throwable cause) {
        Fault fault = Fault.about(
                FaultCode.BUDGET_EXCEEDED,
                step.name(),
                "writers would have waited longer than "
                        + settings().writePauseBudget().toMillis() + " ms: the budget " + "was used up in " + step);
        return cause == null ? fault.asException() : fault.asException(cause);
    }

    /** Does work on one of the attempt's sessions; at the end of the budget it is cut off. */
    <T> T bounded(SwitchStep step, Session session, Supplier<T> work) {
        requireTime(step);
        try (Leash _ = Leash.on(session, budget(), parts.clock())) {
            return work.get();
        } catch (FaultException failure) {
            boolean cut = failure.fault().sqlState().equals(CANCELLED)
                    || failure.fault().sqlState().startsWith("08")
                    || failure.fault().sqlState().isEmpty();
            throw cut && budget().expired() ? overBudget(step, failure) : failure;
        }
    }

    /** As {@link #bounded(SwitchStep, Session, Supplier)}, without a result. */
    void bounded(SwitchStep step, Session session, Runnable work) {
        bounded(step, session, () -> {
            work.run();
            return true;
        });
    }

    void drained(Lsn at) {
        drainedAt = at;
    }

    Lsn drainedAt() {
        return drainedAt;
    }

    void reverseProven(Lsn from) {
        reverseFrom = from;
    }

    Lsn reverseFrom() {
        return reverseFrom;
    }

    /** Lets the writers go on, if they were held. */
    void letGo() {
        Fence held = fence;
        fence = null;
        if (held != null) {
            held.close();
        }
        Verifier.PreparedComparison ready = comparison;
        comparison = null;
        if (ready != null) {
            ready.close();
        }
    }
}
