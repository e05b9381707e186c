package io.viridian.daemon.engine;

import io.viridian.cutover.MeasuredPause;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.SwitchCost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rehearsals in a row, and what came out of them. One thread. */
final class Rehearsals {
    /** Each one keeps writers waiting for a moment; whoever wants more may ask again. */
    private static final int TIMES_MOST = 100;

    /** In a result: which way was rehearsed. */
    static final String DIRECTION = "direction";

    /** In a result: how many rows were compared by their keys. */
    static final String ROWS = "rows_compared";

    private final int times;
    private final List<MeasuredPause> done = new ArrayList<>();

    private Rehearsals(int times) {
        this.times = times;
    }

    /**
     * As many as the parameters ask for.
     *
     * @throws io.viridian.fault.FaultException with USAGE when that is no number from 1 to 100
     */
    static Rehearsals asked(Map<String, String> parameters) {
        String text = parameters.getOrDefault("times", "1");
        int times = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (times < 1 || times > TIMES_MOST) {
            throw Fault.about(
                            FaultCode.USAGE,
                            "times",
                            "times must be a whole number from 1 to " + TIMES_MOST + ", not '" + text + "'")
                    .asException();
        }
        return new Rehearsals(times);
    }

    int times() {
        return times;
    }

    void add(MeasuredPause one) {
        done.add(one);
        done.sort(Comparator.comparing(MeasuredPause::writePause));
    }

    /** What a switch is to be expected to cost at worst. */
    MeasuredPause longest() {
        return done.getLast();
    }

    /** The pause that this share of the rehearsals did not exceed: nearest rank. */
    private Duration percentile(int percent) {
        int rank = (done.size() * percent + 99) / 100;
        return done.get(Math.max(1, rank) - 1).writePause();
    }

    /** For the result of the operation; the steps are those of the longest. */
    Map<String, String> told() {
        Map<String, String> told = new LinkedHashMap<>(
                SwitchCost.told(longest().writePause(), longest().steps()));
        told.put(DIRECTION, longest().direction().text());
        told.put(ROWS, String.valueOf(longest().rows()));
        if (times > 1) {
            told.put("times", String.valueOf(done.size()));
            told.put("write_pause_p50_ms", millis(percentile(50)));
            told.put("write_pause_p95_ms", millis(percentile(95)));
        }
        return told;
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }

    @Override
    public String toString() {
        return times == 1
                ? "writers waited " + millis(longest().writePause()) + " ms"
                : "writers waited %s ms (median), %s ms (95 %%), %s ms (longest) in %d rehearsals"
                        .formatted(
                                millis(percentile(50)),
                                millis(percentile(95)),
                                millis(longest().writePause()),
                                done.size());
    }
}
