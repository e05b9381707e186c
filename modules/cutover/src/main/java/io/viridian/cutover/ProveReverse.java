package io.viridian.cutover;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.migration.SwitchStep;
import io.viridian.position.Lsn;

/**
 * REVERSE: a marker into the target's log, seen to come back through the other direction's lane. Where it lies is where
 * that lane begins to apply: whatever the applications write on the new side lies behind it. Nothing to do for a plan
 * without a way back. Changes nothing.
 */
final class ProveReverse implements Step {
    @Override
    public void perform(Crossing crossing) throws InterruptedException {
        SwitchParts parts = crossing.parts();
        if (parts.plan().reversible()) {
            Fence fence = crossing.fence();
            crossing.bounded(
                    SwitchStep.REVERSE,
                    fence.target(),
                    () -> Emission.emit(
                            fence.target(),
                            Marker.Kind.REVERSE,
                            crossing.migration(),
                            crossing.attempt().nonce(),
                            parts.clock()));
            crossing.reverseProven(awaited(crossing));
        }
        crossing.requireTime(SwitchStep.REVERSE);
        parts.failpoints().pass(CrashPoint.SWITCH_REVERSE_PROVEN);
    }

    private static Lsn awaited(Crossing crossing) throws InterruptedException {
        try {
            return crossing.laneBack().awaitMarker(crossing.attempt().nonce(), crossing.budget());
        } catch (FaultException late) {
            if (late.code() != FaultCode.DRAIN_TIMEOUT) {
                throw late;
            }
            throw Fault.about(
                            FaultCode.REVERSE_UNPROVEN,
                            crossing.to().text(),
                            "a marker written on " + crossing.to().text() + " did not come back through the "
                                    + crossing.back().text() + " stream within the write pause's budget")
                    .asException(late);
        }
    }
}
