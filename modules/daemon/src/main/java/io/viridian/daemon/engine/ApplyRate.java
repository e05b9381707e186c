package io.viridian.daemon.engine;

import io.viridian.position.Lsn;
import io.viridian.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How fast a lane takes the log of its source, by what it was seen to do between two looks. A lane with nothing to do
 * is slow, so the fastest of the last looks counts. Any thread.
 */
final class ApplyRate {
    /** Some minutes at a look a second. */
    private static final int LOOKS = 300;

    /** Less is made of heartbeats. */
    private static final long WORTH_COUNTING = 1L << 20;

    private final Clock clock;
    private final Deque<Long> rates = new ArrayDeque<>();
    private @Nullable Lsn before;
    private long at;

    ApplyRate(Clock clock) {
        this.clock = clock;
    }

    /** The lane stands there now. */
    synchronized void look(Lsn applied) {
        Lsn last = before;
        long millis = Math.max(1, clock.since(at).toMillis());
        long bytes = last == null ? 0 : applied.bytesSince(last);
        rates.addLast(bytes >= WORTH_COUNTING ? bytes * 1000 / millis : 0);
        if (rates.size() > LOOKS) {
            rates.removeFirst();
        }
        before = applied;
        at = clock.nanoTime();
    }

    /** Bytes of log in a second; empty when it had nothing to do lately. */
    synchronized OptionalLong bytesPerSecond() {
        long fastest = rates.stream().mapToLong(Long::longValue).max().orElse(0);
        return fastest == 0 ? OptionalLong.empty() : OptionalLong.of(fastest);
    }
}
