package io.viridian.daemon.engine;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets tests end a real process at a named place: {@code VIRIDIAN_CRASH_AT=SWITCH_AFTER_COMMIT_POINT} or, for the third
 * time it is passed, {@code STREAM_AFTER_WINDOW_COMMIT:3}. The process ends as under kill -9: no handler runs.
 */
public final class CrashOnDemand {
    private static final String VARIABLE = "VIRIDIAN_CRASH_AT";

    /** What a shell reports for kill -9. */
    private static final int KILLED = 137;

    private CrashOnDemand() {}

    public static Failpoints fromEnvironment(Map<String, String> environment) {
        String wanted = environment.getOrDefault(VARIABLE, "");
        if (wanted.isEmpty()) {
            return Failpoints.NONE;
        }
        String[] parts = wanted.split(":", 2);
        CrashPoint place = CrashPoint.valueOf(parts[0]);
        AtomicInteger left = new AtomicInteger(parts.length > 1 ? Integer.parseInt(parts[1]) : 1);
        return point -> {
            if (point == place && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
    }
}
