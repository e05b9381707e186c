package io.viridian.model.ownership;

import static io.viridian.model.ownership.OwnershipMutation.TAKE_OVER_WITHOUT_WAITING;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.ownership.Daemon.Step;
import io.viridian.model.ownership.OwnershipState.Alarm;
import io.viridian.model.ownership.Server.Ownership;
import java.util.List;

/**
 * How a daemon comes to act: it raises the lease on green, then on blue, then reads both ownership rows and does what
 * the recovery table says. A start after a crash and the take-over from a daemon that only seems dead are the same.
 */
final class TakeOverSteps {
    private final OwnershipRules rules;

    TakeOverSteps(OwnershipRules rules) {
        this.rules = rules;
    }

    List<Action<OwnershipState>> actions(Who who) {
        return List.of(
                new Action<>(who + " crashes", state -> crash(state, who)),
                new Action<>(who + " raises the lease on green", state -> raiseOnGreen(state, who)),
                new Action<>(who + " raises the lease on blue", state -> raiseOnBlue(state, who)),
                new Action<>(who + " reads blue's row", state -> readBlue(state, who)),
                new Action<>(who + " reads green's row and decides", state -> decide(state, who)));
    }

    /** Its locks and a commit in flight stay behind until the server deals with them. */
    private static List<OwnershipState> crash(OwnershipState state, Who who) {
        if (state.daemon(who).isDown() || state.outside().mishaps() == 0) {
            return List.of();
        }
        return List.of(state.with(who, Daemon.DOWN).with(state.outside().afterMishap()));
    }

    /** Raising the lease conflicts with the lock that a commit point holds on it, so it waits for one in flight. */
    private List<OwnershipState> raiseOnGreen(OwnershipState state, Who who) {
        boolean isNeeded = !state.hasCurrentDaemon();
        boolean mayStart = isNeeded || state.outside().takeOvers() > 0;
        if (!state.daemon(who).isDown() || !mayStart || rules.waitsFor(state.green(), TAKE_OVER_WITHOUT_WAITING)) {
            return List.of();
        }
        int lease = state.newestLease() + 1;
        OwnershipState raised = state.with(Side.GREEN, state.green().withLease(lease))
                .with(who, new Daemon(Step.LEASING, lease, Side.BLUE, 0, 0, 0));
        return List.of(isNeeded ? raised : raised.with(state.outside().afterTakeOver()));
    }

    private List<OwnershipState> raiseOnBlue(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Step.LEASING) || rules.waitsFor(state.blue(), TAKE_OVER_WITHOUT_WAITING)) {
            return List.of();
        }
        if (state.blue().lease() >= daemon.lease()) {
            return SwitchSteps.refused(state, who);
        }
        return List.of(
                state.with(Side.BLUE, state.blue().withLease(daemon.lease())).with(who, daemon.at(Step.READING_BLUE)));
    }

    private List<OwnershipState> readBlue(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Step.READING_BLUE)) {
            return List.of();
        }
        if (!rules.leaseHolds(state, Side.BLUE, daemon)) {
            return SwitchSteps.refused(state, who);
        }
        Ownership row = state.blue().ownership();
        return List.of(state.with(who, new Daemon(Step.READING_GREEN, daemon.lease(), row.owner(), row.epoch(), 0, 0)));
    }

    /** The recovery table. Blue's row is the one remembered, green's the one that stands there now. */
    private List<OwnershipState> decide(OwnershipState state, Who who) {
        Daemon daemon = state.daemon(who);
        if (!daemon.is(Step.READING_GREEN)) {
            return List.of();
        }
        if (!rules.leaseHolds(state, Side.GREEN, daemon)) {
            return SwitchSteps.refused(state, who);
        }
        boolean blueOwns = daemon.source() == Side.BLUE;
        Ownership green = state.green().ownership();
        boolean greenOwns = green.owner() == Side.GREEN;
        if (blueOwns && greenOwns) {
            return List.of(state.with(state.outside().with(Alarm.TWO_OWNERS)));
        }
        if (blueOwns) {
            return List.of(state.with(who, Daemon.ready(daemon.lease(), Side.BLUE, daemon.epoch())));
        }
        if (greenOwns) {
            return List.of(state.with(who, Daemon.ready(daemon.lease(), Side.GREEN, green.epoch())));
        }
        return List.of(state.with(
                who,
                daemon.epoch() > green.epoch()
                        ? daemon.opening(Side.BLUE, daemon.epoch())
                        : daemon.opening(Side.GREEN, green.epoch())));
    }
}
