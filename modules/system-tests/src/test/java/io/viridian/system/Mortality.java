package io.viridian.system;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Lets daemons die once at each of the given points, in the order in which they come by them. The thread that passes
 * the point cuts every connection and does not come back; neither does any other thread of that life.
 */
final class Mortality {
    static final Mortality IMMORTAL = new Mortality(Set.of());

    private final Set<CrashPoint> ahead = EnumSet.noneOf(CrashPoint.class);
    private final List<CrashPoint> died = new ArrayList<>();
    private final Failpoints besides;

    Mortality(Set<CrashPoint> points) {
        this(points, Failpoints.NONE);
    }

    /** @param besides what else happens at points that a daemon survives */
    Mortality(Set<CrashPoint> points, Failpoints besides) {
        ahead.addAll(points);
        this.besides = besides;
    }

    /** For a daemon that is about to start. */
    Life life() {
        return new Life();
    }

    private synchronized boolean strikesAt(CrashPoint point) {
        if (ahead.remove(point)) {
            died.add(point);
            return true;
        }
        return false;
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

    synchronized void noMore() {
        ahead.clear();
    }

    /** From the start of one daemon to its death. */
    final class Life implements Failpoints {
        private Runnable end = () -> {};
        private boolean over;

        private Life() {}

        synchronized void endsWith(Runnable ending) {
            end = ending;
        }

        synchronized boolean over() {
            return over;
        }

        @Override
        public void pass(CrashPoint point) {
            Runnable ending;
            synchronized (this) {
                if (over) {
                    throw new Death(point);
                }
                if (strikesAt(point)) {
                    over = true;
                }
                ending = end;
            }
            if (!over()) {
                besides.pass(point);
                return;
            }
            ending.run();
            throw new Death(point);
        }
    }

    /** The end of a thread of a daemon that is dead; an error, so that nothing takes it for a fault and goes on. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(CrashPoint point) {
            super("died at " + point, null, false, false);
        }
    }
}
