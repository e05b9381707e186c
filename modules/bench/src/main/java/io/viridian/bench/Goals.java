package io.viridian.bench;

import io.viridian.migration.Operation;
import java.util.ArrayList;
import java.util.List;

/** The ratios that count, and the goals that were set before anything was built. */
final class Goals {
    /** Transactions a second under which the goals of lag and pause are to hold. */
    private static final int RATE = 2_000;

    /** Writers that were asked for the rate come this close to it. */
    private static final double NEARLY = 0.98;

    private static final double COLD_SECONDS = 10;
    private static final double LAG_MILLIS = 250;
    private static final double PAUSE_P50_MILLIS = 150;
    private static final double PAUSE_P99_MILLIS = 500;
    private static final double GUARD_MICROS = 20;
    private static final double HEAP_MEGABYTES = 512;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    /** Goals that nothing here measures. */
    static final List<String> NOT_MEASURED =
            List.of("memory with transactions larger than the heap, which `scripts/bench scale large` measures");

    private Goals() {}

    static List<Goal> of(Results results) {
        Lag lag = results.lag(Way.VIRIDIAN);
        double p99 = lag.endToEnd().p99();
        List<Goal> goals = new ArrayList<>();
        if (results.besidePgCopyDb()) {
            goals.add(Goal.atMost("initial load ÷ pgcopydb", load(results, Way.VIRIDIAN_15, Way.PGCOPYDB), 0.80));
        }
        goals.addAll(List.of(
                Goal.atMost("initial load ÷ native initial sync", load(results, Way.VIRIDIAN, Way.NATIVE), 0.60),
                Goal.atMost("initial load ÷ bare COPY and key", load(results, Way.VIRIDIAN, Way.BARE), 1.15)));
        if (results.with(Way.COMPUTED)) {
            goals.add(Goal.atMost(
                    "load through names and numbers ÷ identity load", load(results, Way.COMPUTED, Way.VIRIDIAN), 1.30));
        }
        // What upper() costs the server nobody can save; the goal is what comes on top of it.
        if (results.with(Way.BARE_MAPPED)) {
            goals.add(Goal.atMost(
                    "load through upper() ÷ bare COPY of its SELECT",
                    load(results, Way.MAPPED, Way.BARE_MAPPED),
                    1.15));
        }
        goals.addAll(List.of(
                Goal.atLeast("drain ÷ native apply", drain(results, Way.VIRIDIAN, Way.NATIVE), 1.80),
                Goal.atLeast("drain ÷ walsender alone", drain(results, Way.VIRIDIAN, Way.WALSENDER), 0.80)));
        if (results.drains(Way.COMPUTED)) {
            goals.add(Goal.atLeast(
                    "drain through names and numbers ÷ native apply", drain(results, Way.COMPUTED, Way.NATIVE), 1.30));
        }
        goals.addAll(List.of(
                Goal.atLeast("drain through upper() ÷ native apply", drain(results, Way.MAPPED, Way.NATIVE), 1.30),
                new Goal(
                        "cold daemon, until 80 % of its drain rate",
                        Spread.of(results.cold(Way.COLD)), true, COLD_SECONDS, "s", ""),
                new Goal(
                        "lag end to end, p99",
                        new Spread(p99, p99, p99),
                        true,
                        LAG_MILLIS,
                        "ms",
                        condition(lag.perSecond())),
                Goal.atMost(
                        "full verification ÷ bare hash",
                        Spread.ofRatio(results.verify(Way.VERIFY), results.verify(Way.HASH)),
                        1.50)));
        for (Operation.Type type : List.of(Operation.Type.CUTOVER, Operation.Type.ROLLBACK)) {
            Pauses pauses = results.pauses(type);
            goals.add(pause(type, "p50", pauses.pauses().p50(), PAUSE_P50_MILLIS, pauses.perSecond()));
            goals.add(pause(type, "p99", pauses.pauses().p99(), PAUSE_P99_MILLIS, pauses.perSecond()));
        }
        if (results.withGuard()) {
            goals.add(new Goal(
                    "guard on blue, a statement",
                    Spread.ofDifference(results.guard(Way.GUARDED), results.guard(Way.UNGUARDED)),
                    true,
                    GUARD_MICROS,
                    "µs",
                    ""));
        }
        double heap = results.memory().heapPeakBytes() / BYTES_PER_MEGABYTE;
        goals.add(new Goal(
                "heap of daemon and writers, at most", new Spread(heap, heap, heap), true, HEAP_MEGABYTES, "MB", ""));
        return goals;
    }

    private static Goal pause(Operation.Type type, String percentile, double millis, double limit, double perSecond) {
        return new Goal(
                "write pause of a " + type.text() + ", " + percentile,
                new Spread(millis, millis, millis),
                true,
                limit,
                "ms",
                condition(perSecond));
    }

    /** Empty when it was as hard as it is to be. */
    private static String condition(double perSecond) {
        return perSecond >= NEARLY * RATE ? "" : "at %s transactions/s".formatted(Progress.count(RATE));
    }

    private static Spread load(Results results, Way way, Way other) {
        return Spread.ofRatio(results.load(way), results.load(other));
    }

    private static Spread drain(Results results, Way way, Way other) {
        return Spread.ofRatio(results.drain(Backlog.TPC_B, way), results.drain(Backlog.TPC_B, other));
    }
}
