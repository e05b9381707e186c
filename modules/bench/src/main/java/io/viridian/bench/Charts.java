package io.viridian.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, as drawings. */
final class Charts {
    private Charts() {}

    /** File name to content. */
    static Map<String, String> of(Results results) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("load.svg", load(results).svg());
        files.put("drain.svg", drain(results).svg());
        files.put("lag.svg", lag(results).svg());
        return files;
    }

    private static BarChart load(Results results) {
        BarChart chart = new BarChart("Initial load of %s rows of one narrow table: seconds, less is better"
                .formatted(Progress.count(results.rows())));
        whole(results.narrow().ways())
                .forEach(series -> chart.bar(
                        series.words(),
                        series.spread(),
                        Tables.decimals(series.spread().median()),
                        ours(series.way())));
        return chart;
    }

    private static BarChart drain(Results results) {
        BarChart chart = new BarChart("Drain of %s transactions: row changes per second, more is better"
                .formatted(Progress.count(results.transactions())));
        results.drain(Backlog.TPC_B)
                .ways()
                .forEach(series -> chart.bar(
                        series.words(),
                        series.spread(),
                        Tables.whole(series.spread().median()),
                        ours(series.way())));
        return chart;
    }

    private static BarChart lag(Results results) {
        BarChart chart = new BarChart("Lag end to end at %s transactions/s: milliseconds, less is better"
                .formatted(Progress.count(results.rate())));
        results.lag().stream().filter(lag -> lag.asked() == results.rate()).forEach(lag -> {
            bar(chart, lag, "p50", lag.endToEnd().p50());
            bar(chart, lag, "p99", lag.endToEnd().p99());
        });
        return chart;
    }

    private static void bar(BarChart chart, Lag lag, String percentile, double millis) {
        Spread exact = new Spread(millis, millis, millis);
        chart.bar(lag.words() + ", " + percentile, exact, Tables.whole(millis), ours(lag.way()));
    }

    /** Parts of a bar are in the table. */
    private static List<Series> whole(List<Series> all) {
        return all.stream().filter(series -> !series.way().contains(".")).toList();
    }

    private static boolean ours(String way) {
        return !List.of(
                        Way.BARE.id(),
                        Way.BARE_COMPUTED.id(),
                        Way.BARE_MAPPED.id(),
                        Way.WALSENDER.id(),
                        Way.NATIVE.id(),
                        Way.PGCOPYDB.id(),
                        Way.PGLOGICAL.id())
                .contains(way);
    }
}
