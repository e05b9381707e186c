package io.viridian.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often there and back, and where the outcome goes.
 *
 * @param rounds there and back
 * @param rate operations a second of all clients together
 * @param results the file with everything that was measured
 * @param docs the directory of the page that is made from it
 * @param command what to type for the same run
 */
record PingPongSettings(int rounds, int rate, Path results, Path docs, String command) {
    static final String ROUNDS = "BENCH_PINGPONG_ROUNDS";

    /** Those that are of no other measurement. */
    static final Set<String> NAMES = Set.of(ROUNDS);

    private static final String RATE = "BENCH_RATE";

    /** Two hundred switches: every client's pause at each, so that the 99th percentile is not a handful of them. */
    private static final int MOST_ROUNDS = 100;

    /** The goal's. */
    private static final int USUAL_RATE = 2_000;

    static PingPongSettings usual(Map<String, String> environment) {
        SortedMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().retainAll(Set.of(ROUNDS, RATE));
        int rounds = BenchSettings.number(ours, ROUNDS, MOST_ROUNDS);
        int rate = BenchSettings.number(ours, RATE, USUAL_RATE);
        boolean shown = rounds >= MOST_ROUNDS && rate >= USUAL_RATE;
        return new PingPongSettings(
                rounds,
                rate,
                shown ? Path.of("bench/pingpong.json") : BenchSettings.SCRATCH.resolve("pingpong.json"),
                shown ? BenchSettings.DOCS : BenchSettings.SCRATCH,
                ours.entrySet().stream().map(one -> one + " ").collect(Collectors.joining())
                        + "scripts/bench pingpong");
    }
}
