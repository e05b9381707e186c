package io.viridian.bench;

import java.util.List;
import java.util.Locale;

/** What was measured, as tables. */
final class Tables {
    private Tables() {}

    static Table ratios(List<Goal> goals) {
        Table table = new Table("ratio", "measured", "rounds", "goal", "verdict");
        goals.forEach(goal -> table.row(goal.what(), goal.value(), goal.range(), goal.goal(), goal.verdict()));
        return table;
    }

    static Table load(List<Series> measured, int rows) {
        Table table = new Table("initial load", "seconds", "rounds", "rows/s");
        measured.forEach(series -> {
            Spread spread = series.spread();
            table.row(
                    series.words(),
                    decimals(spread.median()),
                    decimals(spread.least()) + " – " + decimals(spread.most()),
                    whole(rows / spread.median()));
        });
        return table;
    }

    static Table verify(List<Series> measured) {
        Table table = new Table("full verification", "seconds", "rounds");
        measured.forEach(series -> {
            Spread spread = series.spread();
            table.row(
                    series.words(),
                    decimals(spread.median()),
                    decimals(spread.least()) + " – " + decimals(spread.most()));
        });
        return table;
    }

    static Table drain(Drain drain) {
        Table table = new Table("drain", "row changes/s", "rounds");
        drain.ways()
                .forEach(series ->
                        table.row(series.words(), whole(series.spread().median()), range(series)));
        return table;
    }

    /** All of them in one, for the terminal. */
    static Table drains(List<Drain> drains) {
        Table table = new Table("drain of", "way", "row changes/s", "rounds");
        drains.forEach(drain -> drain.ways()
                .forEach(series -> table.row(
                        drain.backlog(), series.words(), whole(series.spread().median()), range(series))));
        return table;
    }

    private static String range(Series series) {
        return whole(series.spread().least()) + " – " + whole(series.spread().most());
    }

    static Table lag(List<Lag> measured) {
        Table table = new Table("lag in ms", "p50", "p95", "p99", "longest", "samples", "transactions/s");
        measured.forEach(lag -> {
            percentiles(table, lag.words() + ", end to end", lag.endToEnd(), whole(lag.perSecond()));
            Percentiles shown = lag.shown();
            if (shown != null) {
                percentiles(table, lag.words() + ", as its metric says", shown, "");
            }
        });
        return table;
    }

    private static void percentiles(Table table, String words, Percentiles lag, String perSecond) {
        table.row(
                words,
                whole(lag.p50()),
                whole(lag.p95()),
                whole(lag.p99()),
                whole(lag.longest()),
                Integer.toString(lag.samples()),
                perSecond);
    }

    static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
