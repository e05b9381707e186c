package io.viridian.cutover;

import io.viridian.plan.Side;

/** What a daemon that starts has to do about the ownership of the writes: protocol §2.6. */
public sealed interface Recovery {
    /** No transfer is recorded: go on. */
    record Normal(Side owner, long epoch) implements Recovery {}

    /** Between the deciding commit and the opening: nobody can write until this side is opened at this epoch. */
    record RollForward(Side open, long epoch) implements Recovery {}

    /** The transfer is complete; make sure that the applications were led there. */
    record EnsureRouting(Side owner, long epoch) implements Recovery {}

    /** Both sides are open, or the rows contradict each other: close both and call a person. */
    record Impossible(String why) implements Recovery {}

    /** A side does not answer or has no row: touch nothing. */
    record Unknown(String why) implements Recovery {}
}
