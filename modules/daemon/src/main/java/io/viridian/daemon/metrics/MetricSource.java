package io.viridian.daemon.metrics;

import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

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

        @Override
        public Optional<Instant> wayBackKeptUntil() {
            return Optional.empty();
        }

        @Override
        public OptionalLong refused(Side side) {
            return OptionalLong.empty();
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

    /** How much may be kept for our slot on this side before it is given up. */
    default OptionalLong slotGivenUpAt(Side side) {
        return OptionalLong.empty();
    }

    /** When the way back has been kept as long as was asked for; empty unless it is kept behind a switch. */
    Optional<Instant> wayBackKeptUntil();

    /** What the tightest sequence of the side that does not own has left, 0 to 1; empty when that is not known. */
    default OptionalDouble sequencesLeft() {
        return OptionalDouble.empty();
    }

    /** What the guard of this side had refused when it was last asked, or empty while it is open or counts nothing. */
    OptionalLong refused(Side side);

    /**
     * What a slot costs its server.
     *
     * @param retainedBytes log kept for it
     * @param safeWalBytes log that may still be written before it is lost; empty when the server sets no limit
     */
    record SlotUsage(long retainedBytes, Optional<Long> safeWalBytes) {}
}
