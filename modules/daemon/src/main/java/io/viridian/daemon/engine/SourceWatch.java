package io.viridian.daemon.engine;

import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.lane.LaneSettings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last known log positions and slots of the servers that are read from. Any thread looks, and any reads. */
final class SourceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);

    private final EngineParts parts;
    private final Map<Direction, Lsn> ends = new ConcurrentHashMap<>();
    private final Map<Side, SlotState> slots = new ConcurrentHashMap<>();

    SourceWatch(EngineParts parts) {
        this.parts = parts;
    }

    /**
     * Looks at one direction's source; a server that does not answer keeps its old values.
     *
     * @return the slot as it is now; empty when there is none, and when nobody knows
     */
    Optional<SlotState> look(Direction direction) {
        try {
            ends.put(direction, parts.on(direction.source()).query(Slots::currentWal));
            String name = LaneSettings.originOf(parts.migration(), direction);
            Optional<SlotState> now = parts.on(direction.source()).query(session -> Slots.inspect(session, name));
            now.ifPresent(slot -> slots.put(direction.source(), slot));
            return now;
        } catch (FaultException unreachable) {
            LOG.debug("no log position from {}: {}", direction.source(), unreachable.getMessage());
            return Optional.empty();
        }
    }

    /** The slot of a direction was dropped. */
    void forget(Direction direction) {
        ends.remove(direction);
        slots.remove(direction.source());
    }

    /** Where the source's log ended at the last look. */
    Optional<Lsn> end(Direction direction) {
        return Optional.ofNullable(ends.get(direction));
    }

    Optional<SlotState> slot(Side side) {
        return Optional.ofNullable(slots.get(side));
    }
}
