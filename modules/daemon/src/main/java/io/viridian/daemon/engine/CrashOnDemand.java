package io.viridian.daemon.engine;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets tests end or freeze a real process at a named place: {@code VIRIDIAN_CRASH_AT=SWITCH_AFTER_COMMIT_POINT} or, for
 * the third time it is passed, {@code STREAM_AFTER_WINDOW_COMMIT:3}. The process ends as under kill -9: no handler
 * runs. With {@code VIRIDIAN_FREEZE_AT} it stops as under kill -STOP, until somebody sends CONT.
 */
public final class CrashOnDemand {
    private static final String CRASH = "VIRIDIAN_CRASH_AT";
    private static final String FREEZE = "VIRIDIAN_FREEZE_AT";

    /** What a shell reports for kill -9. */
    private static final int KILLED = 137;

    private CrashOnDemand() {}

    public static Failpoints fromEnvironment(Map<String, String> environment) {
        Failpoints crash = at(
                environment.getOrDefault(CRASH, ""), () -> Runtime.getRuntime().halt(KILLED));
        Failpoints freeze = at(environment.getOrDefault(FREEZE, ""), CrashOnDemand::freeze);
        return point -> {
            crash.pass(point);
            freeze.pass(point);
        };
    }

    private static Failpoints at(String wanted, Runnable happens) {
        if (wanted.isEmpty()) {
            return Failpoints.NONE;
        }
        String[] parts = wanted.split(":", 2);
        CrashPoint place = CrashPoint.valueOf(parts[0]);
        AtomicInteger left = new AtomicInteger(parts.length > 1 ? Integer.parseInt(parts[1]) : 1);
        return point -> {
            if (point == place && left.decrementAndGet() == 0) {
                happens.run();
            }
        };
    }

    /** Returns when somebody has thawed it; every thread of the process stands still meanwhile. */
    private static void freeze() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-s",
                            "STOP",
                            Long.toString(ProcessHandle.current().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
