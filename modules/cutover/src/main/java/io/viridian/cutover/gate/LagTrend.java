package io.viridian.cutover.gate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Where the lag of one direction is going, from what was seen in the last minutes. A target that takes longer than the
 * source's writers never catches up, and nobody should wait for it. One reading at a time.
 */
final class LagTrend {
    /** Longer than a checkpoint or a report on either side, short enough to notice that the load has changed. */
    private static final Duration OVER = Duration.ofMinutes(3);

    /** Less says nothing yet. */
    private static final Duration LEAST = Duration.ofMinutes(1);

    private static final Duration EVERY = Duration.ofSeconds(2);

    /** What happened between two readings further apart nobody knows. */
    private static final Duration GAP_MAX = Duration.ofSeconds(30);

    /** Of a second of lag per second: below it is neither rising nor falling. */
    private static final double FLAT = 0.02;

    /** Close to one nothing comes through at all: a large transaction, which ends, or a stream that stands. */
    private static final double STANDING = 0.95;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanoTime, Duration lag) {}

    /** Remembers a reading; without a lag, or after a gap, what was seen before says nothing. */
    void seen(long nanoTime, Optional<Duration> lag) {
        if (lag.isEmpty()
                || (!samples.isEmpty() && since(samples.getLast(), nanoTime).compareTo(GAP_MAX) > 0)) {
            samples.clear();
        }
        if (lag.isPresent()
                && (samples.isEmpty() || since(samples.getLast(), nanoTime).compareTo(EVERY) >= 0)) {
            samples.addLast(new Sample(nanoTime, lag.get()));
        }
        while (!samples.isEmpty() && since(samples.getFirst(), nanoTime).compareTo(OVER) > 0) {
            samples.removeFirst();
        }
    }

    private static Duration since(Sample sample, long nanoTime) {
        return Duration.ofNanos(nanoTime - sample.nanoTime());
    }

    /**
     * What is to be expected of a lag that is above its limit.
     *
     * @return empty while that cannot be told
     */
    Optional<String> forecast(Duration limit, String source, String target) {
        if (samples.size() < 2) {
            return Optional.empty();
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        Duration over = since(first, last.nanoTime());
        if (over.compareTo(LEAST) < 0) {
            return Optional.empty();
        }
        Duration grown = last.lag().minus(first.lag());
        double slope = (double) grown.toMillis() / over.toMillis();
        if (slope >= STANDING) {
            return Optional.of("Nothing has come through for " + Words.duration(over)
                    + ": a large transaction, or a stream that stands; see repl.healthy.");
        }
        if (slope > FLAT) {
            return Optional.of("It will not fall by itself: it grew by " + Words.duration(grown) + " within "
                    + Words.duration(over) + ", because " + target + " takes longer than the writers on " + source
                    + ". Less load there, or a faster " + target + ".");
        }
        if (slope < -FLAT) {
            Duration left = Duration.ofMillis((long) (last.lag().minus(limit).toMillis() / -slope));
            return Optional.of("It falls, and at this rate is small in " + Words.duration(left) + ".");
        }
        return Optional.of("It has neither risen nor fallen for " + Words.duration(over) + ": " + target
                + " is just as fast as the writers on " + source + ". Less load there, or a faster " + target + ".");
    }
}
