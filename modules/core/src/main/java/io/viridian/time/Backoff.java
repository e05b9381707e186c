package io.viridian.time;

import java.time.Duration;

/**
 * How long to wait before attempt n: doubling from the first wait up to the longest. Bounded in attempts, so that a
 * retry always has an end and a reason. Immutable.
 *
 * @param first the wait before the second attempt
 * @param longest no wait is longer
 * @param attempts how many attempts there are in all, at least 1
 */
public record Backoff(Duration first, Duration longest, int attempts) {
    public Backoff {
        if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("not a back-off: " + first + ", " + longest + ", " + attempts);
        }
    }

    /** The wait after failed attempt {@code attempt}, counted from 1. */
    public Duration waitAfter(int attempt) {
        int doublings = Math.min(Math.max(attempt - 1, 0), 20);
        Duration wait = first.multipliedBy(1L << doublings);
        return wait.compareTo(longest) < 0 ? wait : longest;
    }

    public boolean mayTryAgainAfter(int attempt) {
        return attempt < attempts;
    }
}
