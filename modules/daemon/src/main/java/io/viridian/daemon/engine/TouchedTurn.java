package io.viridian.daemon.engine;

import io.viridian.time.Clock;
import java.time.Duration;

/**
 * When the rows touched since the last verification are to be compared at rest. One thread.
 *
 * <p>A comparison that could not end (a row changed faster than it could be read, a server that did not answer) leaves
 * its rows to the next one; asking again at once would hold the lane as often as the conductor looks.
 */
final class TouchedTurn {
    private final Clock clock;
    private final Duration rest;
    private boolean inVain;
    private long since;

    /** @param rest how long a comparison that could not end is not repeated */
    TouchedTurn(Clock clock, Duration rest) {
        this.clock = clock;
        this.rest = rest;
    }

    /**
     * Whether so many rows are a reason to compare.
     *
     * @param most how many may stay uncompared
     * @param broken whether the last verification found a difference: then nothing is to be kept up until a full one
     *     was clean
     */
    static boolean isDue(long touched, int most, boolean broken) {
        return !broken && touched > most;
    }

    void failed() {
        inVain = true;
        since = clock.nanoTime();
    }

    void ended() {
        inVain = false;
    }

    /** Whether what kept a comparison from ending may still be there. */
    boolean rests() {
        return inVain && clock.since(since).compareTo(rest) < 0;
    }
}
