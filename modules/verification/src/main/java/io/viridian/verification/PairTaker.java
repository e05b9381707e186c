package io.viridian.verification;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an exact pair while writers go on (protocol §2.3, V1): the lane stands still, the source exports a snapshot
 * with its position in the log, the lane applies exactly what lies before that position, the target's snapshot is
 * taken, the lane goes on. Creating the slot that exports the snapshot waits for running writers; it is tried once with
 * the lane going on, so that a long writer costs the lane nothing, and is bounded with the lane held.
 */
final class PairTaker {
    private static final Logger LOG = LoggerFactory.getLogger(PairTaker.class);

    private final Databases databases;
    private final Lane lane;
    private final VerifyLimits limits;
    private final Failpoints failpoints;
    private final Clock clock;
    private Duration laneHeld = Duration.ZERO;

    PairTaker(Databases databases, Lane lane, VerifyLimits limits, Failpoints failpoints, Clock clock) {
        this.databases = databases;
        this.lane = lane;
        this.limits = limits;
        this.failpoints = failpoints;
        this.clock = clock;
    }

    /** How long the lane stood still for all attempts together. */
    Duration laneHeld() {
        return laneHeld;
    }

    /**
     * Tries until a pair is taken.
     *
     * @param atThePair done while the lane stands still there: what it commits afterwards is not part of what is
     *     compared, what it committed before is
     */
    ExactPair take(List<Compared> all, Runnable atThePair, Deadline by) throws InterruptedException {
        Waiter waiter = new Waiter();
        List<PairDelayed> delays = new ArrayList<>();
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(all, atThePair, by);
            } catch (PairDelayed delay) {
                delays.add(delay);
                if (!limits.attempts().mayTryAgainAfter(attempt) || by.expired()) {
                    throw unfinished(delays);
                }
                Duration wait = by.remainingUpTo(limits.attempts().waitAfter(attempt));
                LOG.info("Attempt {} at an exact pair failed, next one in {}: {}", attempt, wait, delay.why());
                waiter.await(wait);
            }
        }
    }

    private static FaultException unfinished(List<PairDelayed> delays) {
        FaultException failure = Unfinished.fault("no exact pair of points in " + delays.size() + " attempts: "
                + delays.getLast().why());
        delays.forEach(failure::addSuppressed);
        return failure;
    }

    private ExactPair attempt(List<Compared> all, Runnable atThePair, Deadline by) throws InterruptedException {
        Database source = databases.on(lane.direction().source());
        ExactPair pair = ExactPair.open(databases, lane.direction(), all, limits, by);
        try (SnapshotExport export = SnapshotExport.open(source)) {
            export(export, pair, by);
            export.drop();
            pair.guardSource(by);
            take(pair, export, atThePair, by);
            return pair;
        } catch (RuntimeException | Error | InterruptedException failure) {
            pair.close();
            throw failure;
        }
    }

    private void take(ExactPair pair, SnapshotExport export, Runnable atThePair, Deadline by)
            throws InterruptedException {
        HeldLane held = HeldLane.hold(lane, clock, by);
        try (held) {
            failpoints.pass(CrashPoint.VERIFY_LANE_HELD);
            SnapshotExport.Point point = export(export, pair, by);
            held.applyBefore(point.position(), by);
            pair.see(point.snapshot(), by);
            atThePair.run();
        } finally {
            laneHeld = laneHeld.plus(held.held());
        }
    }

    private SnapshotExport.Point export(SnapshotExport export, ExactPair pair, Deadline by)
            throws InterruptedException {
        return export.export(pair.facts().source().version(), by.remainingUpTo(limits.slotPatience()));
    }
}
