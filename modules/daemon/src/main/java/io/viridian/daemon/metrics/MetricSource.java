package io.viridian.daemon.metrics;

import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is measured below the control: lanes and slots. Asked at every scrape, so it must answer from memory. */
public interface MetricSource {
    /** Nothing runs. */
    MetricSource NOTHING = new MetricSource() {
        @Override
        public boolean leads() {
            return false;
        }

        @Override
        public Optional<LaneStatus> lane(Direction direction) {
            return Optional.empty();
        }

        @Override
        public Optional<SlotUsage> slot(Side side) {
            return Optional.empty();
        }
    };

    /** Whether this daemon moves the migration. */
    boolean leads();

    /** The lane of this direction, or empty while there is none. */
    Optional<LaneStatus> lane(Direction direction);

    /** Conflicts settled while both sides were writable, by direction, kind and outcome. */
    default Map<List<String>, Long> conflicts() {
        return Map.of();
    }

    /** Our slot on this side when it was last read, or empty while there is none. */
    Optional<SlotUsage> slot(Side side);

    /**
     * What a slot costs its server.
     *
     * @param retainedBytes log kept for it
     * @param safeWalBytes log that may still be written before it is lost; empty when the server sets no limit
     */
    record SlotUsage(long retainedBytes, Optional<Long> safeWalBytes) {}
}
