package io.viridian.daemon.engine;

import io.viridian.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * When the next full verification is due. One thread.
 *
 * <p>A pass compares both sides at one position of the stream, and its snapshot of the source lasts from before the
 * lane gets there. While the lane is far behind none begins: the snapshot would keep the source's dead rows for as long
 * as the lane takes, and the scan would take its time from the lane. Whoever asks for a verification gets it all the
 * same.
 */
final class PassTurn {
    /** Several times the lag of a lane that keeps up; a pass' snapshot is about as old when the scan begins. */
    static final Duration BEHIND_MOST = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Clock clock;
    private final Duration every;
    private boolean begun;
    private long since;

    /** @param every from the beginning of a pass to the beginning of the next */
    PassTurn(Clock clock, Duration every) {
        this.clock = clock;
        this.every = every;
    }

    void began() {
        begun = true;
        since = clock.nanoTime();
    }

    /**
     * How long until a pass is to begin; zero for now. A lane far behind is looked at again in a moment.
     *
     * @param lagSeconds of the lane; empty when it is not known, which is not less than any
     */
    Duration untilNext(Optional<Double> lagSeconds) {
        Duration left = begun ? every.minus(clock.since(since)) : Duration.ZERO;
        if (left.isPositive()) {
            return left;
        }
        boolean near = lagSeconds.filter(lag -> lag <= BEHIND_MOST.toSeconds()).isPresent();
        return near ? Duration.ZERO : LOOK_AGAIN;
    }
}
