package io.viridian.bench;

import java.util.List;

/**
 * How samples are distributed, by nearest rank: each is a value that was measured.
 *
 * @param samples how many there were
 */
record Percentiles(int samples, double p50, double p95, double p99, double longest) {
    private static final double HALF = 0.50;
    private static final double MOST = 0.95;
    private static final double NEARLY_ALL = 0.99;

    static Percentiles of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("nothing was sampled");
        }
        List<Double> sorted = samples.stream().sorted().toList();
        return new Percentiles(
                sorted.size(), rank(sorted, HALF), rank(sorted, MOST), rank(sorted, NEARLY_ALL), sorted.getLast());
    }

    private static double rank(List<Double> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
