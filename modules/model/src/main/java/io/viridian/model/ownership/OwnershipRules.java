package io.viridian.model.ownership;

import static io.viridian.model.ownership.OwnershipMutation.LEASE_NOT_CHECKED;
import static io.viridian.model.ownership.OwnershipMutation.LEASE_ON_BLUE_ONLY;
import static io.viridian.model.ownership.OwnershipMutation.NO_EPOCH_PREDICATE;
import static io.viridian.model.ownership.OwnershipMutation.PROGRESS_NOT_CHECKED;

import io.viridian.model.Side;
import java.util.Set;

/**
 * The rules of the protocol that a mutation can bend, each as a question. Everything else asks here.
 *
 * @param mistakes none for the protocol as it is meant
 */
record OwnershipRules(Set<OwnershipMutation> mistakes) {
    OwnershipRules {
        mistakes = Set.copyOf(mistakes);
    }

    boolean makes(OwnershipMutation mistake) {
        return mistakes.contains(mistake);
    }

    /**
     * The predicate that every transaction of a daemon carries: no row changes when its lease was raised by another.
     */
    boolean leaseHolds(OwnershipState state, Side side, Daemon daemon) {
        return state.server(side).lease() == daemon.lease()
                || makes(NO_EPOCH_PREDICATE)
                || makes(LEASE_NOT_CHECKED)
                || (side == Side.GREEN && makes(LEASE_ON_BLUE_ONLY));
    }

    /** Whether a transaction that locks the lease or the ownership row has to wait for a commit point in flight. */
    boolean waitsFor(Server server, OwnershipMutation unless) {
        return server.fence().commitInFlight() != 0 && !makes(unless);
    }

    /** Whether the commit point finds the row as it expects it: {@code where owner = source and epoch = mine}. */
    boolean mayTransfer(Server source, Daemon daemon) {
        boolean expected = source.ownership().owner() == daemon.source()
                && source.ownership().epoch() == daemon.epoch();
        return expected || makes(NO_EPOCH_PREDICATE);
    }

    /** Whether the opening finds a row it may overwrite: {@code where epoch < mine}. */
    boolean mayOpen(Server target, Daemon daemon) {
        return target.ownership().epoch() < daemon.epoch() || makes(NO_EPOCH_PREDICATE);
    }

    /**
     * Whether the target takes the change: the token satisfies its guard, and the progress row stands where the change
     * begins, is not frozen, and is in our own epoch.
     */
    boolean mayApply(OwnershipState state, Daemon daemon) {
        Server target = state.server(daemon.target());
        boolean progressMoves = leaseHolds(state, daemon.target(), daemon) && isNext(target, daemon);
        return tokenSatisfies(target, daemon) && (progressMoves || makes(PROGRESS_NOT_CHECKED));
    }

    /** A closed guard demands the token of the ownership epoch it was closed in; an open one asks for nothing. */
    private static boolean tokenSatisfies(Server target, Daemon daemon) {
        return target.ownership().open() || target.ownership().epoch() == daemon.epoch();
    }

    static boolean isNext(Server target, Daemon daemon) {
        return target.writes().applied() + 1 == daemon.fetched()
                && !target.ownership().open();
    }
}
