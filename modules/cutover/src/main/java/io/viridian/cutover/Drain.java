package io.viridian.cutover;

import io.viridian.fault.CrashPoint;
import io.viridian.feed.Marker;
import io.viridian.migration.SwitchStep;

/**
 * DRAIN: a marker behind everything written before the fence, and the wait until the stream has brought it to the other
 * side and everything before it is committed there. Lag that reads zero would prove nothing. Changes nothing.
 */
final class Drain implements Step {
    @Override
    public void perform(Crossing crossing) throws InterruptedException {
        Fence fence = crossing.fence();
        SwitchParts parts = crossing.parts();
        String nonce = crossing.attempt().nonce();
        crossing.bounded(
                SwitchStep.DRAIN,
                fence.source(),
                () -> Emission.emit(fence.source(), Marker.Kind.FENCE, crossing.migration(), nonce, parts.clock()));
        parts.failpoints().pass(CrashPoint.SWITCH_MARKER_EMITTED);
        crossing.drained(crossing.lane().awaitMarker(nonce, crossing.budget()));
        crossing.requireTime(SwitchStep.DRAIN);
        parts.failpoints().pass(CrashPoint.SWITCH_DRAINED);
    }
}
