package io.viridian.daemon.engine;

import io.viridian.cutover.PostgresSwitchover;
import io.viridian.cutover.gate.Gates;
import io.viridian.plan.Plan;
import io.viridian.plan.Planned;

/** Everything that exists once the plan is bound and the journal is there; made by {@link Binding}. */
record Bound(
        Planned planned,
        long daemonEpoch,
        Streams streams,
        Proving proving,
        PostgresSwitchover switchover,
        WatchedSwitchover watched,
        Gates gates,
        RouteKeeper routes,
        Setup setup,
        Canary canary) {

    Plan plan() {
        return planned.plan();
    }
}
