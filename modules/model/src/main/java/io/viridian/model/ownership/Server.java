package io.viridian.model.ownership;

import io.viridian.model.Side;
import io.viridian.model.Who;

/**
 * One database. Everything in it is durable, except that locks and a transaction in flight belong to a session.
 *
 * @param ownership its ownership row and its guard
 * @param lease epoch of the daemon that may act here
 * @param fence the locks on its tables
 * @param writes what the applications have written
 */
record Server(Ownership ownership, int lease, Fence fence, Writes writes) {
    /**
     * The ownership row and the guard, which change in one commit and are therefore one value.
     *
     * @param owner who accepts writes, as far as this server has been told
     * @param epoch of the last change of owner it took part in
     * @param open whether the guard lets applications write
     */
    record Ownership(Side owner, int epoch, boolean open) {
        @Override
        public String toString() {
            return (open ? "open" : "closed") + ", owner " + owner + " e" + epoch;
        }
    }

    /**
     * The barrier: table locks held by a session.
     *
     * @param holder whose session holds them
     * @param commitInFlight epoch of a transfer of ownership whose COMMIT was sent but whose outcome the sender does
     *     not know; 0 for none
     */
    record Fence(Who holder, int commitInFlight) {
        static final Fence NONE = new Fence(Who.NOBODY, 0);
    }

    /**
     * Rows, as numbers: the writes of one side form a sequence, and the other side has a prefix of it.
     *
     * @param inFlight an application transaction has written and not yet committed
     * @param committed application transactions acknowledged by this side
     * @param applied how many of the other side's have arrived here: the progress row of the stream that ends here
     */
    record Writes(boolean inFlight, int committed, int applied) {
        static final Writes NONE = new Writes(false, 0, 0);
    }

    /** Whether an application that tries now is let in at once. */
    boolean isWritable() {
        return ownership.open && fence.holder == Who.NOBODY;
    }

    boolean isUndisturbed() {
        return fence.equals(Fence.NONE) && !writes.inFlight;
    }

    Server with(Ownership changed) {
        return new Server(changed, lease, fence, writes);
    }

    Server with(Fence changed) {
        return new Server(ownership, lease, changed, writes);
    }

    Server with(Writes changed) {
        return new Server(ownership, lease, fence, changed);
    }

    Server withLease(int epoch) {
        return new Server(ownership, epoch, fence, writes);
    }

    @Override
    public String toString() {
        return "(" + ownership + ", lease " + lease + (fence.holder == Who.NOBODY ? "" : ", locked by " + fence.holder)
                + (fence.commitInFlight == 0 ? "" : ", commit of e" + fence.commitInFlight + " in flight") + ", "
                + writes.committed + " written" + (writes.inFlight ? " +1 in flight" : "") + ", " + writes.applied
                + " applied)";
    }
}
