package io.viridian.replication.backfill;

import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * How fast the copy goes: never beyond the configured rate, at a tenth of its speed while it is held back, and without
 * a new chunk while it is stopped. A chunk that was begun is read to its end all the same: it keeps a snapshot on the
 * source and a window in memory, so standing still in the middle of it would cost more than it spares. Shared by all
 * workers.
 */
final class Pace {
    /** A tenth of the time is for copying. */
    private static final int REST_FOR_EACH_PIECE = 9;

    /** So that whoever lets go is heard. */
    private static final Duration REST_MOST = Duration.ofSeconds(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final RateLimit limit;
    private final Brake brake;
    private final Clock clock;
    private final Nap nap;

    /** How time is let pass. */
    @FunctionalInterface
    interface Nap {
        void await(Duration most) throws InterruptedException;
    }

    Pace(RateLimit limit, Brake brake, Clock clock) {
        this(limit, brake, clock, new Waiter()::await);
    }

    Pace(RateLimit limit, Brake brake, Clock clock, Nap nap) {
        this.limit = limit;
        this.brake = brake;
        this.clock = clock;
        this.nap = nap;
    }

    /** Returns when a chunk may be begun. */
    void awaitTurn() throws InterruptedException {
        while (brake.grip() == Brake.Grip.STOP) {
            nap.await(LOOK_EVERY);
        }
    }

    /** For one stream of rows, on its thread: to be told of every piece as it is sent, and answers when to go on. */
    LongConsumer stride() {
        long[] began = {clock.nanoTime()};
        return bytes -> {
            Duration took = clock.since(began[0]);
            limit.spend(bytes);
            if (brake.grip() != Brake.Grip.NONE) {
                rest(took);
            }
            began[0] = clock.nanoTime();
        };
    }

    private void rest(Duration took) {
        Duration rest = took.multipliedBy(REST_FOR_EACH_PIECE);
        try {
            nap.await(rest.compareTo(REST_MOST) < 0 ? rest : REST_MOST);
        } catch (InterruptedException stopped) {
            // Whoever copies looks for it after each piece.
            Thread.currentThread().interrupt();
        }
    }
}
