package io.viridian.fault;

/**
 * Assertions for what cannot happen. A violation is a bug of ours, halts the migration and keeps the process up to
 * tell.
 */
public final class Invariant {
    private Invariant() {}

    /** Refuses to go on unless the claim holds. */
    public static void require(boolean claim, String what) {
        if (!claim) {
            throw broken(what);
        }
    }

    /** The exception for a branch that must be unreachable. */
    public static IllegalStateException broken(String what) {
        return new IllegalStateException("invariant broken (a bug of Viridian, please report): " + what);
    }
}
