package io.viridian.cutover;

import io.viridian.fault.CrashPoint;

/** ROUTE: leads the applications to the new owner. Repeated until observed; never undone. */
final class Route implements Step {
    @Override
    public void perform(Crossing crossing) throws InterruptedException {
        crossing.parts().traffic().perform(crossing.to());
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_ROUTED);
    }
}
