package io.viridian.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The middle of several measurements, and how far they lie apart.
 *
 * @param least the smallest
 * @param most the largest
 */
record Spread(double median, double least, double most) {
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    /** How much more the one is than the other, round by round. */
    static Spread ofDifference(List<Double> values, List<Double> others) {
        demandPairs(values, others);
        return of(IntStream.range(0, values.size())
                .mapToObj(round -> values.get(round) - others.get(round))
                .toList());
    }

    private static void demandPairs(List<Double> values, List<Double> others) {
        if (values.size() != others.size()) {
            throw new IllegalArgumentException("rounds are missing: %s against %s".formatted(values, others));
        }
    }

    /**
     * How the one compares with the other: the ratio of the medians, and how far the ratios of single rounds lie apart.
     * Measurements of one round belong together, because a machine has better and worse minutes.
     */
    static Spread ofRatio(List<Double> values, List<Double> others) {
        demandPairs(values, others);
        double[] ratios = new double[values.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = values.get(round) / others.get(round);
        }
        Spread rounds = of(Arrays.stream(ratios).boxed().toList());
        double median = of(values).median() / of(others).median();
        return new Spread(median, Math.min(median, rounds.least()), Math.max(median, rounds.most()));
    }
}
