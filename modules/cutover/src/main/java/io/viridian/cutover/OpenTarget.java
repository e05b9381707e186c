package io.viridian.cutover;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Optional;

/**
 * OPEN: reads on the closed side that it has handed over, turns the other direction's lane to applying, and only then
 * opens the new owner. A lane that still watched would confirm, and so forget, the first writes of the new side.
 * Repeatable: everything it needs stands in the closed side's row.
 */
final class OpenTarget implements Step {
    /** Writers wait. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final Waiter waiter = new Waiter();
    private final Runnable opened;

    /**
     * The step.
     *
     * @param opened told when writers can write again
     */
    OpenTarget(Runnable opened) {
        this.opened = opened;
    }

    @Override
    public void perform(Crossing crossing) throws InterruptedException {
        Ownership handedOver = handedOver(crossing);
        if (crossing.closesSessions()) {
            SessionFence.finish(crossing);
        }
        if (crossing.parts().plan().reversible()) {
            turn(crossing, handedOver.reverse().orElse(Lsn.ZERO));
        }
        open(crossing);
        opened.run();
        crossing.lane().watch();
        crossing.letGo();
        if (crossing.to() == Side.BLUE && crossing.settings().closing() == Closing.SESSIONS) {
            SessionFence.renew(crossing);
        }
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_OPENED);
    }

    /** The row and the guard of the closed side, as the server that answers there now has them. */
    private static Ownership handedOver(Crossing crossing) {
        Session prepared = crossing.fenced() ? crossing.fence().source() : null;
        return prepared != null && prepared.alive()
                ? handedOver(crossing, prepared)
                : crossing.source().query(session -> handedOver(crossing, session));
    }

    private static Ownership handedOver(Crossing crossing, Session session) {
        long epoch = crossing.attempt().toEpoch();
        Optional<Ownership> row = OwnershipRows.read(session, crossing.migration());
        boolean closed = Guard.inspect(session).closed();
        boolean transferred = row.filter(one -> one.state() == Ownership.State.TRANSFERRED && one.epoch() == epoch)
                .isPresent();
        if (!transferred || !closed) {
            throw Fault.about(
                            FaultCode.OWNERSHIP_IMPOSSIBLE,
                            crossing.from().text(),
                            crossing.from().text() + " does not say that it handed over at epoch " + epoch
                                    + " (its row says " + row + ", its guard is " + (closed ? "closed" : "open")
                                    + "); " + crossing.to().text() + " stays closed")
                    .asException();
        }
        return row.get();
    }

    /** A lane with a fault has no stream open: when it opens one again, it applies. */
    private void turn(Crossing crossing, Lsn from) throws InterruptedException {
        SwitchParts parts = crossing.parts();
        Lane back = crossing.laneBack();
        back.apply(from);
        boolean turned = waiter.awaitUntil(
                () -> parts.laneReady().test(back) || back.status().fault().isPresent(),
                Deadline.after(parts.clock(), parts.settings().laneReady()),
                LOOK_EVERY);
        if (!turned) {
            throw Fault.about(
                            FaultCode.REVERSE_UNPROVEN,
                            crossing.back().text(),
                            "the " + crossing.back().text() + " stream did not turn to applying within "
                                    + parts.settings().laneReady().toMillis() + " ms; opening "
                                    + crossing.to().text() + " is tried again")
                    .asException();
        }
    }

    private static void open(Crossing crossing) {
        Session prepared = crossing.fenced() ? crossing.fence().target() : null;
        if (prepared != null && prepared.alive()) {
            openOn(crossing, prepared);
            return;
        }
        try (Session session = crossing.target().open("switch")) {
            openOn(crossing, session);
        }
    }

    private static void openOn(Crossing crossing, Session session) {
        SwitchParts parts = crossing.parts();
        Deadline by = Deadline.after(parts.clock(), parts.settings().laneReady());
        try (Leash _ = Leash.on(session, by, parts.clock())) {
            session.transaction(() -> take(crossing, session));
        } catch (Ambiguity unknown) {
            throw Fault.about(
                            FaultCode.OUTCOME_UNKNOWN,
                            crossing.to().text(),
                            "whether " + crossing.to().text() + " was opened is not known; opening it is tried again")
                    .asException(unknown);
        }
    }

    private static void take(Crossing crossing, Session session) {
        long epoch = crossing.attempt().toEpoch();
        // A failover that forgets this opening is recovered by opening again; a missing standby must not delay it.
        session.execute("set local synchronous_commit = local");
        if (!OwnershipRows.open(session, crossing.migration(), epoch)) {
            throw impossible(crossing, OwnershipRows.read(session, crossing.migration()));
        }
        crossing.parts().guard().open(session, epoch);
        ReadOnlyDefault.lift(session);
    }

    private static FaultException impossible(Crossing crossing, Optional<Ownership> row) {
        return Fault.about(
                        FaultCode.OWNERSHIP_IMPOSSIBLE,
                        crossing.to().text(),
                        crossing.to().text() + " cannot take over at epoch "
                                + crossing.attempt().toEpoch() + ": its row says " + row)
                .asException();
    }
}
