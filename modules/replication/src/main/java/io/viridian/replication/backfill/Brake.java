package io.viridian.replication.backfill;

/** Holds the copy back when the server that it reads from needs its strength, or its disk. Any thread. */
@FunctionalInterface
public interface Brake {
    /** Nobody holds it back. */
    Brake NONE = () -> Grip.NONE;

    /** How much it is held back. */
    enum Grip {
        NONE,
        SLOW,
        /** No chunk is begun; what was begun goes on slowly. */
        STOP
    }

    /**
     * As it is now; asked often.
     *
     * @throws io.viridian.fault.FaultException when the copy can never be used
     */
    Grip grip();
}
