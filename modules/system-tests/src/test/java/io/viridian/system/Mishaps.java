package io.viridian.system;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Something that happens to the world, once, when the daemon passes a point; the daemon's thread waits until it has
 * happened. Points are armed while the daemon runs.
 */
final class Mishaps implements Failpoints {
    private final Map<CrashPoint, Runnable> ahead = new EnumMap<>(CrashPoint.class);

    synchronized Mishaps at(CrashPoint point, Runnable mishap) {
        ahead.put(point, mishap);
        return this;
    }

    synchronized Set<CrashPoint> ahead() {
        return Set.copyOf(ahead.keySet());
    }

    @Override
    public void pass(CrashPoint point) {
        Runnable mishap;
        synchronized (this) {
            mishap = ahead.remove(point);
        }
        if (mishap != null) {
            mishap.run();
        }
    }
}
