package io.viridian.cutover;

/** By what blue is closed for good once it has handed over. Green is closed by its guard, always. */
public enum Closing {
    /** Every table carries the guard's trigger: nobody writes, whoever he is. */
    GUARD,

    /**
     * No table carries a trigger of ours: sessions begin read-only, and those of before are ended. Whoever says
     * otherwise for himself writes on.
     */
    SESSIONS
}
