package io.viridian.bench;

import java.util.List;
import java.util.Locale;

/** What was measured, as tables. */
final class Tables {
    private Tables() {}

    /** The last column is there when there is something to compare with. */
    static Table ratios(List<Goal> goals, Before before) {
        if (before.measured().isEmpty()) {
            Table table = new Table("ratio", "measured", "rounds", "goal", "verdict");
            goals.forEach(goal -> table.row(goal.what(), goal.value(), goal.range(), goal.goal(), goal.verdict()));
            return table;
        }
        Table table = new Table("ratio", "measured", "rounds", "goal", "verdict", "on " + before.measured());
        goals.forEach(goal ->
                table.row(goal.what(), goal.value(), goal.range(), goal.goal(), goal.verdict(), before.value(goal)));
        return table;
    }

    static Table load(Load load) {
        Table table = new Table("initial load", "seconds", "rounds", "rows/s");
        load.ways().forEach(series -> {
            Spread spread = series.spread();
            table.row(
                    series.words(),
                    decimals(spread.median()),
                    decimals(spread.least()) + " – " + decimals(spread.most()),
                    whole((double) load.rows() / spread.median()));
        });
        return table;
    }

    /** All of them in one, for the terminal. */
    static Table loads(List<Load> loads) {
        Table table = new Table("initial load of", "way", "seconds", "rounds", "rows/s");
        loads.forEach(load -> load.ways().forEach(series -> {
            Spread spread = series.spread();
            table.row(
                    load.volume(),
                    series.words(),
                    decimals(spread.median()),
                    decimals(spread.least()) + " – " + decimals(spread.most()),
                    whole((double) load.rows() / spread.median()));
        }));
        return table;
    }

    static Table pauses(List<Pauses> measured) {
        Table table = new Table(
                "write pause in ms", "p50", "p95", "p99", "longest", "switches", "refused", "transactions/s before");
        measured.forEach(pauses -> table.row(
                pauses.operation(),
                whole(pauses.pauses().p50()),
                whole(pauses.pauses().p95()),
                whole(pauses.pauses().p99()),
                whole(pauses.pauses().longest()),
                Integer.toString(pauses.switches()),
                whole((double) pauses.refused()),
                whole(pauses.perSecond())));
        return table;
    }

    static Table verify(List<Series> measured) {
        return spreads("full verification", "seconds", measured);
    }

    static Table guard(List<Series> measured) {
        return spreads("guard", "µs a statement", measured);
    }

    private static Table spreads(String what, String unit, List<Series> measured) {
        Table table = new Table(what, unit, "rounds");
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

    static Table cold(List<Series> measured) {
        Table table = new Table("cold daemon", "median", "rounds");
        measured.forEach(series -> {
            boolean seconds = series.way().equals(Way.COLD.id());
            Spread spread = series.spread();
            table.row(
                    series.words(),
                    seconds ? decimals(spread.median()) + " s" : whole(spread.median()) + " row changes/s",
                    seconds ? decimals(spread.least()) + " – " + decimals(spread.most()) : range(series));
        });
        return table;
    }

    private static String range(Series series) {
        return whole(series.spread().least()) + " – " + whole(series.spread().most());
    }

    static Table lag(List<Lag> measured) {
        Table table = new Table("lag in ms", "asked for", "p50", "p95", "p99", "longest", "samples", "transactions/s");
        measured.forEach(lag -> {
            percentiles(table, lag, ", end to end", lag.endToEnd(), whole(lag.perSecond()));
            Percentiles shown = lag.shown();
            if (shown != null) {
                percentiles(table, lag, ", as its metric says", shown, "");
            }
        });
        return table;
    }

    private static void percentiles(Table table, Lag lag, String what, Percentiles millis, String perSecond) {
        table.row(
                lag.words() + what,
                whole(lag.asked()),
                whole(millis.p50()),
                whole(millis.p95()),
                whole(millis.p99()),
                whole(millis.longest()),
                Integer.toString(millis.samples()),
                perSecond);
    }

    static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
