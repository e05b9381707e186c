package io.viridian.feed;

/** A capture engine bound to one server and one durable place in its log. */
public interface ChangeSource {
    /**
     * Opens the stream at the place last confirmed. Transactions that were not confirmed come again, in the same order.
     *
     * @throws io.viridian.fault.FaultException when the place is lost, in use, or the server cannot be reached
     */
    ChangeStream open();

    /** What waits on this machine for the commits of transactions that were read while open, in bytes. Any thread. */
    long spooledBytes();
}
