package io.viridian.verification;

import io.viridian.feed.Lane;
import io.viridian.position.Lsn;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;

/** A lane that stands still, and for how long it has. Released once, at the latest when closed. One thread. */
final class HeldLane implements AutoCloseable {
    private final Lane.Hold hold;
    private final Clock clock;
    private final long since;
    private Duration held = Duration.ZERO;
    private boolean released;

    private HeldLane(Lane.Hold hold, Clock clock) {
        this.hold = hold;
        this.clock = clock;
        this.since = clock.nanoTime();
    }

    static HeldLane hold(Lane lane, Clock clock, Deadline by) throws InterruptedException {
        return new HeldLane(lane.hold(by), clock);
    }

    void applyBefore(Lsn point, Deadline by) throws InterruptedException {
        hold.applyBefore(point, by);
    }

    /** How long the lane stood still; final after {@link #close}. */
    Duration held() {
        return held;
    }

    @Override
    public void close() {
        if (!released) {
            released = true;
            hold.close();
            held = clock.since(since);
        }
    }
}
