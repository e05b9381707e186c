package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Clients that together make so many transactions a second on blue, one round trip each. Any thread may ask. */
final class Writers implements AutoCloseable {
    /** One waits for its commit while the others write. */
    private static final int WRITERS = 4;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int LARGEST_AMOUNT = 5_000;
    private static final Duration LAST_STEP = Duration.ofSeconds(20);

    private final Site site;
    private final int rows;
    private final Clock clock;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder written = new LongAdder();
    private volatile @Nullable String trouble;
    private volatile boolean stopped;

    private Writers(Site site, int rows) {
        this.site = site;
        this.rows = rows;
        this.clock = site.patience().clock();
    }

    static Writers start(Site site, int rows, int perSecond) {
        Writers writers = new Writers(site, rows);
        long interval = NANOS_PER_SECOND * WRITERS / perSecond;
        for (int number = 0; number < WRITERS; number++) {
            long seed = number;
            writers.threads.add(Thread.ofPlatform()
                    .name("writer-" + number)
                    .daemon(true)
                    .start(() -> writers.work(new SplittableRandom(seed), interval)));
        }
        return writers;
    }

    private void work(SplittableRandom random, long interval) {
        Waiter waiter = new Waiter();
        try (Connection blue = site.connect(Side.BLUE);
                PreparedStatement transact = blue.prepareStatement("select bench.transact(?, ?, ?, ?)")) {
            long due = clock.nanoTime() + random.nextLong(interval);
            while (!stopped) {
                long early = due - clock.nanoTime();
                if (early > 0) {
                    waiter.await(Duration.ofNanos(early));
                }
                due += interval;
                one(transact, random);
            }
        } catch (SQLException failure) {
            trouble = "a writer failed: " + failure.getMessage();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(PreparedStatement transact, SplittableRandom random) throws SQLException {
        int teller = 1 + random.nextInt(Volume.branches(rows) * Volume.TELLERS_OF_A_BRANCH);
        transact.setLong(1, 1 + random.nextInt(rows));
        transact.setInt(2, teller);
        transact.setInt(3, 1 + (teller - 1) / Volume.TELLERS_OF_A_BRANCH);
        transact.setInt(4, random.nextInt(-LARGEST_AMOUNT, LARGEST_AMOUNT));
        transact.execute();
        written.increment();
    }

    /** Transactions that are committed. */
    long written() {
        return written.sum();
    }

    /** Why a writer does not write any more. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join(LAST_STEP);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
