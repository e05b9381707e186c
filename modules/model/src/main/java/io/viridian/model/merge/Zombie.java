package io.viridian.model.merge;

/** What a daemon that is gone, or believed to be, has left behind: the commit of a chunk. */
sealed interface Zombie {
    Zombie NONE = new None();

    record None() implements Zombie {}

    /**
     * A daemon that was replaced while it was about to send its commit. It does not know, and may wake up at any time.
     *
     * @param merge the commit it is going to send
     * @param epoch the epoch it believes to have
     */
    record Paused(Merge merge, int epoch) implements Zombie {}

    /**
     * A commit that was sent before its daemon died. The server has checked its predicates and still executes it.
     *
     * @param merge what it writes
     */
    record InFlight(Merge merge) implements Zombie {}

    /**
     * The commit that ends a chunk.
     *
     * @param range the range it fills
     * @param rows what it writes there
     * @param position the position after its marker
     */
    record Merge(Range range, Table rows, int position) {}
}
