package io.viridian.migration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a switch or a rehearsal has cost, in the words of an operation's result. */
public final class SwitchCost {
    /** The name of the pause, in milliseconds. */
    public static final String WRITE_PAUSE = "write_pause_ms";

    private SwitchCost() {}

    /** The name of a step's time, in milliseconds. */
    public static String step(SwitchStep step) {
        return "step." + step.name().toLowerCase(Locale.ROOT) + "_ms";
    }

    /**
     * The write pause in whole milliseconds, and the steps that were taken, in their order, in milliseconds.
     *
     * @param writePause how long writers were kept waiting
     * @param durations of the steps that were taken
     */
    public static Map<String, String> told(Duration writePause, Map<SwitchStep, Duration> durations) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put(WRITE_PAUSE, String.valueOf(writePause.toMillis()));
        for (SwitchStep step : SwitchStep.values()) {
            Duration took = durations.get(step);
            if (took != null) {
                told.put(step(step), String.format(Locale.ROOT, "%.1f", took.toNanos() / 1e6));
            }
        }
        return told;
    }
}
