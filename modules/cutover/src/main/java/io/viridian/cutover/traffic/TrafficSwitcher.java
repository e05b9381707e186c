package io.viridian.cutover.traffic;

import io.viridian.plan.Side;
import java.time.Duration;

/** One way of leading applications to a side. Idempotent: it is asked again after a crash, and until it is observed. */
public interface TrafficSwitcher {
    /** As the configuration calls it, with what tells it from others of its kind. */
    String name();

    /**
     * Leads the applications to the side.
     *
     * @throws io.viridian.fault.FaultException with TRAFFIC_FAILED, saying what answered what
     */
    void perform(Side to) throws InterruptedException;

    /** Whether the applications are led to the side, as far as can be seen from here. Changes nothing. */
    boolean probe(Side to) throws InterruptedException;

    /**
     * Makes ready what {@link #hold} needs, while nobody waits yet.
     *
     * @param holds how long a hold may last before it ends by itself, whatever becomes of the daemon
     * @throws io.viridian.fault.FaultException with TRAFFIC_FAILED
     */
    default void makeReadyToHold(Duration holds) throws InterruptedException {}

    /**
     * Has the applications wait, so that the fence refuses none of them; returns when none of their transactions runs.
     * Only after {@link #makeReadyToHold}, and undone by {@link #release} or {@link #perform}.
     *
     * @param patience for the transactions that run
     * @throws io.viridian.fault.FaultException with TRAFFIC_FAILED when they do not end in time: release it then
     */
    default void hold(Duration patience) {}

    /** Lets go whoever is held, to the side that the applications were led to before. Nothing when nobody is. */
    default void release() {}
}
