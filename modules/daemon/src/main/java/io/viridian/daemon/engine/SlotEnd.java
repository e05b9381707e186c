package io.viridian.daemon.engine;

import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.lane.LaneSettings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops a slot of ours for good, at the first look at which its server lets it go. One thread. */
final class SlotEnd {
    private static final Logger LOG = LoggerFactory.getLogger(SlotEnd.class);

    /** A walsender whose client has gone notices within this. */
    private static final Duration FREE_WITHIN = Duration.ofSeconds(30);

    private final EngineParts parts;
    private final Direction direction;
    private boolean dropped;

    /** The stream of this process that reads from the slot. */
    interface Stream {
        /** Ends it; it is not begun again. */
        void end() throws InterruptedException;
    }

    SlotEnd(EngineParts parts, Direction direction) {
        this.parts = parts;
        this.direction = direction;
    }

    String slot() {
        return LaneSettings.slotOf(parts.migration(), direction);
    }

    /** Drops it, unless that was done; what fails is told, and tried again when this is called again. */
    void drop(Stream stream) throws InterruptedException {
        if (dropped) {
            return;
        }
        stream.end();
        try {
            Slots.drop(parts.on(direction.source()), slot(), FREE_WITHIN);
            dropped = true;
        } catch (FaultException later) {
            LOG.warn(
                    "Slot {} is not dropped yet: {}. Tries again.",
                    slot(),
                    later.fault().sentence());
        }
    }
}
