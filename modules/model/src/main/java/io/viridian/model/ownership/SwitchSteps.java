package io.viridian.model.ownership;

import static io.viridian.model.ownership.OwnershipMutation.FLAG_WITHOUT_BARRIER;
import static io.viridian.model.ownership.OwnershipMutation.LOST_ANSWER_MEANS_NOT_COMMITTED;
import static io.viridian.model.ownership.OwnershipMutation.OPEN_BEFORE_FENCE;
import static io.viridian.model.ownership.OwnershipMutation.READ_WITHOUT_WAITING;
import static io.viridian.model.ownership.OwnershipMutation.STOP_POSITION_BEFORE_BARRIER;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.ownership.Daemon.Step;
import io.viridian.model.ownership.Server.Fence;
import io.viridian.model.ownership.Server.Ownership;
import java.util.List;

/**
 * A switch from the owner to the other side: barrier, stop position, drain, commit point on the side being fenced,
 * opening of the other. The way back is the same code: nothing here names blue or green.
 */
final class SwitchSteps {
    private final OwnershipRules rules;

    SwitchSteps(OwnershipRules rules) {
        this.rules = rules;
    }

    List<Action<OwnershipState>> actions(Who who) {
        return List.of(
                new Action<>(who + " takes the stop position too early", state -> markEarly(state, who)),
                new Action<>(who + " locks the tables of the source", state -> lock(state, who)),
                new Action<>(who + " closes the guard of the source as a flag", state -> raiseFlag(state, who)),
                new Action<>(who + " takes the stop position", state -> mark(state, who)),
                new Action<>(who + " opens the target before the fence", state -> openEarly(state, who)),
                new Action<>(who + " sends the commit point: answered", state -> commitAnswered(state, who)),
                new Action<>(
                        who + " sends the commit point: the answer is lost", state -> commitUnanswered(state, who)),
                new Action<>(who + " gives the switch up", state -> giveUp(state, who)),
                new Action<>(who + " reads whether the commit point took effect", state -> resolve(state, who)),
                new Action<>(who + " takes the missing answer for a no", state -> assume(state, who)),
                new Action<>(who + " opens the target", state -> open(state, who)),
                new Action<>(who + " opens the target: the answer is lost", state -> openUnanswered(state, who)));
    }

    private List<OwnershipState> markEarly(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!isOrdered(state, daemon) || !rules.makes(STOP_POSITION_BEFORE_BARRIER)) {
            return List.of();
        }
        int position = state.server(daemon.source()).writes().committed();
        return List.of(state.with(who, daemon.marked(Step.MARKED_EARLY, position))
                .with(state.outside().afterOrder()));
    }

    private static boolean isOrdered(OwnershipState state, Daemon daemon) {
        return daemon.is(Step.READY) && state.outside().orders() > 0;
    }

    /** Granted when no application transaction is in flight: the lock is a barrier. */
    private List<OwnershipState> lock(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        Server source = state.server(daemon.source());
        if (!source.isUndisturbed()) {
            return List.of();
        }
        OwnershipState locked = state.with(daemon.source(), source.with(new Fence(who, 0)));
        if (daemon.is(Step.MARKED_EARLY)) {
            return List.of(locked.with(who, daemon.at(Step.MARKED)));
        }
        boolean asksForLocks = !rules.makes(STOP_POSITION_BEFORE_BARRIER) && !rules.makes(FLAG_WITHOUT_BARRIER);
        return isOrdered(state, daemon) && asksForLocks
                ? List.of(locked.with(who, daemon.at(Step.LOCKED))
                        .with(state.outside().afterOrder()))
                : List.of();
    }

    private List<OwnershipState> raiseFlag(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        Ownership row = state.server(daemon.source()).ownership();
        if (!rules.makes(FLAG_WITHOUT_BARRIER) || !isOrdered(state, daemon) || !row.open()) {
            return List.of();
        }
        return List.of(withGuard(state, daemon.source(), false)
                .with(who, daemon.at(Step.LOCKED))
                .with(state.outside().afterOrder()));
    }

    private static OwnershipState withGuard(OwnershipState state, Side side, boolean open) {
        Ownership row = state.server(side).ownership();
        return state.with(side, state.server(side).with(new Ownership(row.owner(), row.epoch(), open)));
    }

    private static List<OwnershipState> mark(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        int position = state.server(daemon.source()).writes().committed();
        return daemon.is(Step.LOCKED) ? List.of(state.with(who, daemon.marked(Step.MARKED, position))) : List.of();
    }

    private List<OwnershipState> openEarly(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!isDrained(state, daemon) || !rules.makes(OPEN_BEFORE_FENCE) || daemon.is(Step.OPENED_EARLY)) {
            return List.of();
        }
        Server target = state.server(daemon.target());
        Ownership row = new Ownership(daemon.target(), daemon.epoch() + 1, true);
        return List.of(state.with(daemon.target(), target.with(row)).with(who, daemon.at(Step.OPENED_EARLY)));
    }

    private static boolean isDrained(OwnershipState state, Daemon daemon) {
        return (daemon.is(Step.MARKED) || daemon.is(Step.OPENED_EARLY))
                && state.server(daemon.target()).writes().applied() >= daemon.stop();
    }

    private boolean isReadyToCommit(OwnershipState state, Daemon daemon) {
        return isDrained(state, daemon) && (!rules.makes(OPEN_BEFORE_FENCE) || daemon.is(Step.OPENED_EARLY));
    }

    /** Guard and ownership row of the source change in one commit, sent through the session that holds the locks. */
    private List<OwnershipState> commitAnswered(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!isReadyToCommit(state, daemon)) {
            return List.of();
        }
        if (!holdsLocks(state, who)) {
            return List.of(state.with(who, daemon.is(Step.OPENED_EARLY) ? Daemon.DOWN : daemon.back()));
        }
        if (!isPermitted(state, daemon)) {
            return refused(state, who);
        }
        Server fenced = ServerSteps.transferred(state.server(daemon.source()), daemon.source(), daemon.epoch() + 1);
        Daemon after = daemon.is(Step.OPENED_EARLY)
                ? Daemon.ready(daemon.lease(), daemon.target(), daemon.epoch() + 1)
                : daemon.opening(daemon.source(), daemon.epoch() + 1);
        return List.of(state.with(daemon.source(), fenced).with(who, after));
    }

    private boolean isPermitted(OwnershipState state, Daemon daemon) {
        return rules.leaseHolds(state, daemon.source(), daemon)
                && rules.mayTransfer(state.server(daemon.source()), daemon);
    }

    private boolean holdsLocks(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        return rules.makes(FLAG_WITHOUT_BARRIER)
                || state.server(daemon.source()).fence().equals(new Fence(who, 0));
    }

    /** The COMMIT is on its way or being executed; row locks and table locks are held until the server is done. */
    private List<OwnershipState> commitUnanswered(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        boolean possible = isReadyToCommit(state, daemon) && holdsLocks(state, who) && isPermitted(state, daemon);
        if (!possible || state.outside().mishaps() == 0) {
            return List.of();
        }
        Server source = state.server(daemon.source());
        return List.of(state.with(daemon.source(), source.with(new Fence(who, daemon.epoch() + 1)))
                .with(who, daemon.at(Step.UNKNOWN))
                .with(state.outside().afterMishap()));
    }

    private List<OwnershipState> giveUp(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        return switch (daemon.step()) {
            case LOCKED, MARKED -> {
                OwnershipState free = withoutLocks(state, who);
                boolean flagged = rules.makes(FLAG_WITHOUT_BARRIER);
                yield List.of((flagged ? withGuard(free, daemon.source(), true) : free).with(who, daemon.back()));
            }
            case MARKED_EARLY -> List.of(state.with(who, daemon.back()));
            case DOWN, LEASING, READING_BLUE, READING_GREEN, READY, OPENED_EARLY, UNKNOWN, OPENING -> List.of();
        };
    }

    private static OwnershipState withoutLocks(OwnershipState state, Who who) {
        Side side = state.daemon(who).source();
        Server server = state.server(side);
        return server.fence().equals(new Fence(who, 0)) ? state.with(side, server.with(Fence.NONE)) : state;
    }

    /** Reads the row with a lock, so that the answer cannot change after it: it waits for a commit still in flight. */
    private List<OwnershipState> resolve(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Step.UNKNOWN) || rules.makes(LOST_ANSWER_MEANS_NOT_COMMITTED)) {
            return List.of();
        }
        Server source = state.server(daemon.source());
        if (rules.waitsFor(source, READ_WITHOUT_WAITING)) {
            return List.of();
        }
        if (!rules.leaseHolds(state, daemon.source(), daemon)) {
            return refused(state, who);
        }
        boolean tookEffect = source.ownership().epoch() > daemon.epoch();
        return List.of(
                state.with(who, tookEffect ? daemon.opening(daemon.source(), daemon.epoch() + 1) : daemon.back()));
    }

    private List<OwnershipState> assume(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        boolean jumps = daemon.is(Step.UNKNOWN) && rules.makes(LOST_ANSWER_MEANS_NOT_COMMITTED);
        return jumps ? List.of(state.with(who, daemon.back())) : List.of();
    }

    private List<OwnershipState> open(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Step.OPENING)) {
            return List.of();
        }
        Ownership row = new Ownership(daemon.target(), daemon.epoch(), true);
        Server target = state.server(daemon.target());
        Daemon ready = Daemon.ready(daemon.lease(), daemon.target(), daemon.epoch());
        if (!rules.leaseHolds(state, daemon.target(), daemon)) {
            return refused(state, who);
        }
        if (rules.mayOpen(target, daemon)) {
            return List.of(state.with(daemon.target(), target.with(row)).with(who, ready));
        }
        return target.ownership().equals(row) ? List.of(state.with(who, ready)) : refused(state, who);
    }

    private List<OwnershipState> openUnanswered(OwnershipState state, Who who) {
        if (state.outside().mishaps() == 0 || !state.daemon(who).is(Step.OPENING)) {
            return List.of();
        }
        return open(state, who).stream()
                .map(opened ->
                        opened.with(who, state.daemon(who)).with(state.outside().afterMishap()))
                .toList();
    }

    /** No row matched the predicate: another daemon has taken over. This one rolls back and stops. */
    static List<OwnershipState> refused(OwnershipState state, Who who) {
        return List.of(withoutLocks(state, who).with(who, Daemon.DOWN));
    }
}
