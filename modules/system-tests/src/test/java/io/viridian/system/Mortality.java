package io.viridian.system;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Lets the daemon die once at each of the given points, in the order in which it comes by them. The thread that passes
 * the point cuts every connection and does not come back.
 */
final class Mortality implements Failpoints {
    private final Set<CrashPoint> ahead;
    private final List<CrashPoint> died = new ArrayList<>();
    private Runnable axe = () -> {};
    private boolean dead;

    Mortality(Set<CrashPoint> points) {
        ahead = EnumSet.copyOf(points);
    }

    /** What ends the daemon that runs now. */
    synchronized void aliveAgain(Runnable ending) {
        axe = ending;
        dead = false;
    }

    @Override
    public void pass(CrashPoint point) {
        Runnable ending;
        synchronized (this) {
            if (dead) {
                throw new Death(point);
            }
            if (!ahead.remove(point)) {
                return;
            }
            died.add(point);
            dead = true;
            ending = axe;
        }
        ending.run();
        throw new Death(point);
    }

    synchronized boolean isDead() {
        return dead;
    }

    synchronized Set<CrashPoint> notPassed() {
        return Set.copyOf(ahead);
    }

    synchronized List<CrashPoint> died() {
        return List.copyOf(died);
    }

    synchronized void alsoAt(Set<CrashPoint> points) {
        ahead.addAll(points);
    }

    /** The end of a thread of a daemon that is dead; an error, so that nothing takes it for a fault and goes on. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(CrashPoint point) {
            super("died at " + point, null, false, false);
        }
    }
}
