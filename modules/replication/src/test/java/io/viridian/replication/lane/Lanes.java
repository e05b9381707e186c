package io.viridian.replication.lane;

import io.viridian.replication.merge.Visibility;

/** Lanes as no daemon would start them. */
public final class Lanes {
    private Lanes() {}

    /** A lane that merges chunks by another rule. */
    public static ApplyLane with(LaneSettings settings, ApplyLane.LaneParts parts, Visibility rule) {
        return new ApplyLane(settings, parts, true, rule);
    }
}
