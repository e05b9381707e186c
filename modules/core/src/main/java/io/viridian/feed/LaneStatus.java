package io.viridian.feed;

import io.viridian.fault.Fault;
import io.viridian.position.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * A lane at one moment.
 *
 * @param applied everything before it is committed on the target (or, while watching, was looked at)
 * @param received how far the source has sent
 * @param confirmed what the source was told it may forget
 * @param lastMarkerEmitted the source's clock at the newest heartbeat whose predecessors are all applied; empty before
 *     the first one. Now minus this is the lag in time
 * @param transactions applied since the lane started
 * @param rows changes applied since the lane started
 * @param foreign transactions seen while watching that were not ours: somebody writes where nobody may
 * @param lossy rows of the way back that would come again as others, since this side was left
 * @param queuedBytes decoded and waiting, in memory
 * @param spooledBytes read of transactions that are still open, in memory and in files
 * @param fault why it stands still, or empty while it runs
 */
public record LaneStatus(
        Lsn applied,
        Lsn received,
        Lsn confirmed,
        Optional<Instant> lastMarkerEmitted,
        long transactions,
        long rows,
        long foreign,
        long lossy,
        long queuedBytes,
        long spooledBytes,
        boolean applying,
        Optional<Fault> fault) {}
