package io.viridian.bench;

import java.util.List;

/**
 * How soon something that begins slowly is fast.
 *
 * @param seconds from the beginning until it was fast for the first time
 * @param warmPerSecond its rate when nothing gets faster any more: in the second half of all there was to do
 */
record Ramp(double seconds, double warmPerSecond) {
    /** Over less than this a rate is an accident. */
    private static final double AT_LEAST_SECONDS = 1;

    /**
     * What was done at a moment.
     *
     * @param seconds since the beginning
     */
    record Sample(double seconds, long done) {}

    /**
     * @param samples in their order, the last one with all that there was to do
     * @param share of the warm rate that counts as fast
     */
    static Ramp of(List<Sample> samples, double share) {
        long all = samples.getLast().done();
        List<Sample> secondHalf = samples.stream()
                .filter(sample -> sample.done() >= all / 2 && sample.done() < all)
                .toList();
        // The last interval ends with waiting for nothing, so it counts only when there is no other.
        boolean seen = secondHalf.size() > 1;
        List<Sample> full =
                seen ? samples.stream().filter(sample -> sample.done() < all).toList() : samples;
        double warm =
                seen ? rate(secondHalf.getFirst(), secondHalf.getLast()) : rate(samples.getFirst(), samples.getLast());
        for (int to = 1; to < full.size(); to++) {
            int from = to - 1;
            while (from > 0 && full.get(to).seconds() - full.get(from).seconds() < AT_LEAST_SECONDS) {
                from--;
            }
            if (rate(full.get(from), full.get(to)) >= share * warm) {
                return new Ramp(full.get(to).seconds(), warm);
            }
        }
        throw new BenchFailure("no second was as fast as the second half");
    }

    private static double rate(Sample from, Sample to) {
        double seconds = to.seconds() - from.seconds();
        if (seconds <= 0) {
            throw new BenchFailure("too few samples to tell a rate");
        }
        return (to.done() - from.done()) / seconds;
    }
}
