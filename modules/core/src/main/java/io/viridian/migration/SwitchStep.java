package io.viridian.migration;

import io.viridian.fault.Invariant;

/** The steps of a switch, in order, under the names of the contract. Nobody can write between FENCE and OPEN. */
public enum SwitchStep {
    /** Lock the tables of the side that owns the writes; waits for writers in flight. */
    FENCE,
    /** Wait until everything written before the fence is on the other side. */
    DRAIN,
    /** Compare what was touched since the last clean verification. */
    VERIFY,
    /** Move the sequences of the new side past those of the old one. */
    SEQUENCES,
    /** See a marker come back through the stream of the other direction. */
    REVERSE,
    /** One transaction closes the guard and hands over the ownership: the point of no return. */
    COMMIT,
    /** Open the guard of the new owner. */
    OPEN,
    /** Lead the applications there. */
    ROUTE;

    /** The step after this one; not to be asked of the last. */
    public SwitchStep next() {
        return switch (this) {
            case FENCE -> DRAIN;
            case DRAIN -> VERIFY;
            case VERIFY -> SEQUENCES;
            case SEQUENCES -> REVERSE;
            case REVERSE -> COMMIT;
            case COMMIT -> OPEN;
            case OPEN -> ROUTE;
            case ROUTE -> throw Invariant.broken("no step after ROUTE");
        };
    }

    /** Whether a daemon that dies in this step has changed nothing, because the locks die with it. */
    public boolean isVolatile() {
        return switch (this) {
            case FENCE, DRAIN, VERIFY, SEQUENCES, REVERSE -> true;
            case COMMIT, OPEN, ROUTE -> false;
        };
    }
}
