package io.viridian.cutover.gate;

import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.proof.Verification;
import java.util.Optional;

/**
 * What the daemon knows at the moment the gates are read; the rest is asked of the servers.
 *
 * @param direction of the switch in question: forward for a cutover, reverse for a rollback
 * @param lane the lane that feeds the target of the direction
 * @param back the other direction's lane; empty when there is no way back
 * @param backfillComplete whether every chunk is merged
 * @param verification the last complete one in this direction, whichever way it ended
 * @param touchedKnown whether the rows touched since then are still remembered, so that VERIFY can compare them
 * @param schemaChange what changed on the source that the plan does not know; empty when nothing is known
 * @param unplannedTables of the source, which nobody carries over; empty when there is none
 * @param pause what is known about the pause
 */
public record GateFacts(
        Direction direction,
        LaneStatus lane,
        Optional<LaneStatus> back,
        boolean backfillComplete,
        Optional<Verification> verification,
        boolean touchedKnown,
        Optional<String> schemaChange,
        Optional<String> unplannedTables,
        PauseFacts pause) {}
