package io.viridian.bench;

import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.sql.SQLException;
import java.time.Duration;

/** Waits for conditions of servers and daemons, tells that it does, and gives up. One thread at a time. */
final class Patience {
    /** So that nobody takes a long step for a dead one. */
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final Clock clock;
    private final Progress progress;
    private final Duration limit;
    private final Waiter waiter = new Waiter();

    /** @param limit of each wait */
    Patience(Clock clock, Progress progress, Duration limit) {
        this.clock = clock;
        this.progress = progress;
        this.limit = limit;
    }

    /** Something that will be so. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws SQLException;
    }

    /** Returns as soon as the condition is seen to hold; completes the sentence "waited in vain until …" else. */
    void until(String what, Duration every, Condition condition) throws InterruptedException, SQLException {
        Deadline by = Deadline.after(clock, limit);
        long began = clock.nanoTime();
        long told = began;
        while (!condition.holds()) {
            if (by.expired()) {
                throw new BenchFailure("waited in vain for %s until %s".formatted(limit, what));
            }
            if (clock.since(told).compareTo(TELL_EVERY) >= 0) {
                told = clock.nanoTime();
                progress.line("", "… %d s, until %s", clock.since(began).toSeconds(), what);
            }
            waiter.await(every);
        }
    }

    /** Lets time pass. */
    void rest(Duration time) throws InterruptedException {
        Deadline end = Deadline.after(clock, time);
        while (!end.expired()) {
            waiter.await(end.remaining());
        }
    }

    Duration limit() {
        return limit;
    }

    Clock clock() {
        return clock;
    }
}
