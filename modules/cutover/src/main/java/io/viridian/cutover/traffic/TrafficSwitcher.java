package io.viridian.cutover.traffic;

import io.viridian.plan.Side;

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
}
