package io.viridian.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How much is measured, and where the outcome goes.
 *
 * @param rows of the table that is loaded
 * @param transactions that wait when a drain begins
 * @param repetitions of each measurement
 * @param rate transactions a second while the lag is measured
 * @param steady how long the lag is measured
 * @param results the file with everything that was measured
 * @param docs the directory of the page that is made from it
 * @param command what to type for the same run
 */
record BenchSettings(
        int rows,
        int transactions,
        int repetitions,
        int rate,
        Duration steady,
        Path results,
        Path docs,
        String command) {
    /** Some 270 MB: the load takes seconds, so that starting and stopping no longer shows. */
    private static final int ROWS = 2_000_000;

    /** Eight hundred thousand row changes: several seconds of applying, so that starting no longer shows. */
    private static final int TRANSACTIONS = 200_000;

    /** The least that has a median and a spread. */
    private static final int REPETITIONS = 3;

    /** The goal's; what the writers really made is told. */
    private static final int RATE = 2_000;

    /** Four hundred markers, so that the 99th percentile is not the longest one. */
    private static final int SECONDS = 20;

    /** Of the last run that was worth keeping, which the next one is compared with. */
    static final Path KEPT = Path.of("bench/results.json");

    static final Path DOCS = Path.of("docs/reference");

    /** Where page and results of a run go that is too small to be shown to anybody. */
    static final Path SCRATCH = Path.of("target/bench");

    private static final Set<String> OF_THE_RUN =
            Set.of("BENCH_ROWS", "BENCH_TRANSACTIONS", "BENCH_REPEAT", "BENCH_RATE", "BENCH_SECONDS");

    /**
     * Where the outcome goes changes nothing of it, and `scripts/bench scale` and `pingpong` measure something else.
     */
    private static final Set<String> NOT_OF_THE_COMMAND =
            union(Set.of("BENCH_RESULTS", "BENCH_DOCS"), union(ScaleSettings.NAMES, PingPongSettings.NAMES));

    private static final Set<String> KNOWN = union(OF_THE_RUN, NOT_OF_THE_COMMAND);

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new TreeSet<>(one);
        both.addAll(other);
        return Set.copyOf(both);
    }

    static BenchSettings usual(Map<String, String> environment) {
        SortedMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> !name.startsWith("BENCH_"));
        Set<String> unknown = new TreeSet<>(ours.keySet());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new BenchFailure("unknown: %s; known are %s".formatted(unknown, new TreeSet<>(KNOWN)));
        }
        int rows = number(ours, "BENCH_ROWS", ROWS);
        int transactions = number(ours, "BENCH_TRANSACTIONS", TRANSACTIONS);
        int repetitions = number(ours, "BENCH_REPEAT", REPETITIONS);
        int seconds = number(ours, "BENCH_SECONDS", SECONDS);
        boolean whole = rows >= ROWS && transactions >= TRANSACTIONS && repetitions >= REPETITIONS;
        boolean shown = whole && seconds >= SECONDS;
        return new BenchSettings(
                rows,
                transactions,
                repetitions,
                number(ours, "BENCH_RATE", RATE),
                Duration.ofSeconds(seconds),
                path(ours, "BENCH_RESULTS", shown ? KEPT : SCRATCH.resolve("results.json")),
                path(ours, "BENCH_DOCS", shown ? DOCS : SCRATCH),
                command(ours));
    }

    static int number(Map<String, String> given, String name, int usual) {
        String text = given.getOrDefault(name, Integer.toString(usual));
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new BenchFailure("%s is '%s', and must be a whole number from 1 to 999999999".formatted(name, text));
        }
        return Integer.parseInt(text);
    }

    private static Path path(Map<String, String> given, String name, Path usual) {
        return given.containsKey(name) ? Path.of(given.getOrDefault(name, "")) : usual;
    }

    private static String command(SortedMap<String, String> given) {
        String volumes = given.entrySet().stream()
                .filter(one -> !NOT_OF_THE_COMMAND.contains(one.getKey()))
                .map(one -> one + " ")
                .collect(Collectors.joining());
        return volumes + "make bench";
    }
}
