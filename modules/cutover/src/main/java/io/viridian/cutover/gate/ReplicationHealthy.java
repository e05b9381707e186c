package io.viridian.cutover.gate;

import io.viridian.fault.Fault;
import io.viridian.feed.LaneStatus;
import java.util.Optional;

/** The lane to the target runs and applies. */
final class ReplicationHealthy implements Check {
    @Override
    public String id() {
        return "repl.healthy";
    }

    @Override
    public String firmBecause() {
        return "the switch drains through this stream, so without it nothing would prove that every "
                + "write has arrived";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        LaneStatus lane = inquiry.facts().lane();
        String value = lane.fault().map(Fault::sentence).orElse(lane.applying() ? "applying" : "only watching");
        return Observation.of(
                lane.applying() && lane.fault().isEmpty(),
                value,
                "applying",
                lane.fault()
                        .map(fault -> fault.code().remedy())
                        .orElse("The stream must apply; see `viridian status`."));
    }
}
