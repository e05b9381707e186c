package io.viridian.bench;

import java.util.ArrayList;
import java.util.List;

/** The ratios that count, and the goals that were set before anything was built. */
final class Goals {
    /** Transactions a second under which the goal of the lag is to hold. */
    private static final int LAG_RATE = 2_000;

    /** Writers that were asked for the rate come this close to it. */
    private static final double NEARLY = 0.98;

    private static final double LAG_MILLIS = 250;

    /** Goals that nothing here measures. */
    static final List<String> NOT_MEASURED = List.of(
            "write pause of a cutover and of a rollback at 2,000 transactions/s: p50 < 150 ms, p99 < 500 ms",
            "memory with transactions larger than the heap, which `make chaos` runs with 1,000,000 rows",
            "guard trigger on blue: < 20 µs a statement");

    private Goals() {}

    static List<Goal> of(Results results) {
        Lag lag = results.lag(Way.VIRIDIAN);
        double p99 = lag.endToEnd().p99();
        boolean asHard = lag.perSecond() >= NEARLY * LAG_RATE;
        List<Goal> goals = new ArrayList<>();
        if (results.besidePgCopyDb()) {
            goals.add(Goal.atMost("initial load ÷ pgcopydb", load(results, Way.VIRIDIAN_15, Way.PGCOPYDB), 0.80));
        }
        goals.addAll(List.of(
                Goal.atMost("initial load ÷ native initial sync", load(results, Way.VIRIDIAN, Way.NATIVE), 0.60),
                Goal.atMost("initial load ÷ bare COPY and key", load(results, Way.VIRIDIAN, Way.BARE), 1.15),
                Goal.atMost("load through a mapping ÷ identity load", load(results, Way.MAPPED, Way.VIRIDIAN), 1.30),
                Goal.atLeast("drain ÷ native apply", drain(results, Way.VIRIDIAN, Way.NATIVE), 1.80),
                Goal.atLeast("drain ÷ walsender alone", drain(results, Way.VIRIDIAN, Way.WALSENDER), 0.80),
                Goal.atLeast("drain through a mapping ÷ native apply", drain(results, Way.MAPPED, Way.NATIVE), 1.30),
                new Goal(
                        "lag end to end, p99",
                        new Spread(p99, p99, p99),
                        true,
                        LAG_MILLIS,
                        "ms",
                        asHard ? "" : "at %s transactions/s".formatted(Progress.count(LAG_RATE))),
                Goal.atMost(
                        "full verification ÷ bare hash",
                        Spread.ofRatio(results.verify(Way.VERIFY), results.verify(Way.HASH)),
                        1.50)));
        return goals;
    }

    private static Spread load(Results results, Way way, Way other) {
        return Spread.ofRatio(results.load(way), results.load(other));
    }

    private static Spread drain(Results results, Way way, Way other) {
        return Spread.ofRatio(results.drain(Backlog.TPC_B, way), results.drain(Backlog.TPC_B, other));
    }
}
