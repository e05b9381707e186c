package io.viridian.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The steps in which volumes grow, and where the outcome goes.
 *
 * @param rows of the one table, smallest first, as the others
 * @param tables how many small ones
 * @param transactions that wait when a drain begins
 * @param megabytes of the values in one transaction that waits
 * @param results the file with everything that was measured
 * @param docs the directory of the page that is made from it
 * @param command what to type for the same run
 */
record ScaleSettings(
        List<Integer> rows,
        List<Integer> tables,
        List<Integer> transactions,
        List<Integer> megabytes,
        Path results,
        Path docs,
        String command) {
    static final String ROWS = "BENCH_SCALE_ROWS";
    static final String TABLES = "BENCH_SCALE_TABLES";
    static final String TRANSACTIONS = "BENCH_SCALE_TRANSACTIONS";
    static final String MEGABYTES = "BENCH_SCALE_MEGABYTES";

    /** All of them. */
    static final Set<String> NAMES = Set.of(ROWS, TABLES, TRANSACTIONS, MEGABYTES);

    /** What everything grows by from step to step. */
    private static final int FACTOR = 10;

    private static final int LEAST_ROWS = 1_000_000;

    /** Some 13 GB on each side. */
    private static final int MOST_ROWS = 100_000_000;

    private static final int LEAST_TABLES = 10;
    private static final int MOST_TABLES = 10_000;
    private static final int LEAST_TRANSACTIONS = 10_000;
    private static final int MOST_TRANSACTIONS = 1_000_000;
    private static final int LEAST_MEGABYTES = 100;

    /** Twenty times the heap; in blue's log, in the spool and on green at the same time. */
    private static final int MOST_MEGABYTES = 10_000;

    ScaleSettings {
        rows = List.copyOf(rows);
        tables = List.copyOf(tables);
        transactions = List.copyOf(transactions);
        megabytes = List.copyOf(megabytes);
    }

    static ScaleSettings usual(Map<String, String> environment) {
        SortedMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().retainAll(List.of(ROWS, TABLES, TRANSACTIONS, MEGABYTES));
        int rows = BenchSettings.number(ours, ROWS, MOST_ROWS);
        int tables = BenchSettings.number(ours, TABLES, MOST_TABLES);
        int transactions = BenchSettings.number(ours, TRANSACTIONS, MOST_TRANSACTIONS);
        int megabytes = BenchSettings.number(ours, MEGABYTES, MOST_MEGABYTES);
        boolean shown = rows >= MOST_ROWS
                && tables >= MOST_TABLES
                && transactions >= MOST_TRANSACTIONS
                && megabytes >= MOST_MEGABYTES;
        return new ScaleSettings(
                steps(LEAST_ROWS, rows),
                steps(LEAST_TABLES, tables),
                steps(LEAST_TRANSACTIONS, transactions),
                steps(LEAST_MEGABYTES, megabytes),
                shown ? Path.of("bench/scale.json") : BenchSettings.SCRATCH.resolve("scale.json"),
                shown ? BenchSettings.DOCS : BenchSettings.SCRATCH,
                ours.entrySet().stream().map(one -> one + " ").collect(Collectors.joining()) + "scripts/bench scale");
    }

    /** From the least by tens, and the most at the end, however far it is from the one before. */
    private static List<Integer> steps(int least, int most) {
        List<Integer> steps = new ArrayList<>();
        for (long step = least; step < most; step *= FACTOR) {
            steps.add((int) step);
        }
        steps.add(most);
        return steps;
    }
}
