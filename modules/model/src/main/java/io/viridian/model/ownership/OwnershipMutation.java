package io.viridian.model.ownership;

/** A deliberate mistake. Each must produce a counter-example, or the model does not look where it should. */
public enum OwnershipMutation {
    OPEN_BEFORE_FENCE("the target is opened first, then the source is fenced"),
    STOP_POSITION_BEFORE_BARRIER("the stop position is taken, then the locks"),
    FLAG_WITHOUT_BARRIER("the guard is closed without waiting for writers in flight"),
    LOST_ANSWER_MEANS_NOT_COMMITTED("an unanswered commit point counts as not committed"),
    READ_WITHOUT_WAITING("an unanswered commit point is resolved by a read that does not wait for it"),
    TAKE_OVER_WITHOUT_WAITING("the lease is raised while a commit point is in flight"),
    NO_EPOCH_PREDICATE("transfer and opening look neither at the epoch in the row nor at the lease"),
    LEASE_NOT_CHECKED("transfer and opening look at the epoch in the row but not at the lease"),
    LEASE_ON_BLUE_ONLY("there is a lease on blue but none on green"),
    LOCKS_SURVIVE_THEIR_DAEMON("the servers never end the session of a daemon that is gone"),
    PROGRESS_NOT_CHECKED("the commit of a change sets progress without looking at it");

    private final String mistake;

    OwnershipMutation(String mistake) {
        this.mistake = mistake;
    }

    public String mistake() {
        return mistake;
    }
}
