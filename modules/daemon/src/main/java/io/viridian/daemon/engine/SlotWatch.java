package io.viridian.daemon.engine;

import io.viridian.daemon.metrics.MetricSource;
import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Feeds the metrics from a daemon's memory. Any thread. */
public final class SlotWatch implements MetricSource {
    private final ViridianDaemon daemon;

    public SlotWatch(ViridianDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public boolean leads() {
        return daemon.working();
    }

    @Override
    public Optional<LaneStatus> lane(Direction direction) {
        return daemon.lane(direction);
    }

    @Override
    public Optional<Instant> wayBackKeptUntil() {
        return daemon.wayBackKeptUntil();
    }

    @Override
    public OptionalDouble sequencesLeft() {
        return daemon.sequencesLeft();
    }

    @Override
    public Map<List<String>, Long> conflicts() {
        Map<List<String>, Long> told = new HashMap<>();
        daemon.conflicts()
                .forEach((count, times) ->
                        told.put(List.of(count.direction().text(), count.kind().text(), count.outcome()), times));
        return told;
    }

    @Override
    public Optional<SlotUsage> slot(Side side) {
        return daemon.slot(side).map(slot -> new SlotUsage(slot.retainedBytes(), slot.safeBytes()));
    }

    @Override
    public OptionalLong slotGivenUpAt(Side side) {
        return OptionalLong.of((side == Side.BLUE
                        ? daemon.settings().protectBlue().giveUpSlotWal()
                        : daemon.settings().protectGreen().giveUpSlotWal())
                .bytes());
    }

    @Override
    public OptionalLong refused(Side side) {
        return daemon.refused(side);
    }
}
