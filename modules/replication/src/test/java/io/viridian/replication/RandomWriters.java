package io.viridian.replication;

import io.viridian.fault.FaultException;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writers on both sides at once, as fast as they can, while what they write is led to the other side. */
final class RandomWriters {
    private static final Logger LOG = LoggerFactory.getLogger(RandomWriters.class);
    private static final int WRITERS = 3;
    private static final int TRANSACTIONS = 120;

    private final BothSides sides;
    private final ConflictPolicy policy;
    private final long seed;
    private final BiFunction<Random, Side, String> statement;

    RandomWriters(BothSides sides, ConflictPolicy policy, long seed, BiFunction<Random, Side, String> statement) {
        this.sides = sides;
        this.policy = policy;
        this.seed = seed;
        this.statement = statement;
    }

    /**
     * Until everything is written, and led to the other side.
     *
     * @param interrupted whether connections break and lanes begin anew meanwhile
     */
    void write(boolean interrupted) throws Exception {
        sides.lead(policy);
        try (ExecutorService writers = Executors.newFixedThreadPool(2 * WRITERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (Side side : Side.values()) {
                for (int writer = 0; writer < WRITERS; writer++) {
                    Random random = new Random(seed * 100 + (side == Side.BLUE ? 0 : 10) + writer);
                    running.add(writers.submit(() -> write(side, random)));
                }
            }
            Random breaks = new Random(seed);
            while (running.stream().anyMatch(one -> !one.isDone())) {
                if (interrupted) {
                    breakSomething(breaks);
                }
                awaitAny(running);
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        sides.drain();
        sides.drain();
    }

    private static void awaitAny(List<Future<?>> running) throws Exception {
        for (Future<?> one : running) {
            if (!one.isDone()) {
                try {
                    one.get(300, TimeUnit.MILLISECONDS);
                } catch (TimeoutException goesOn) {
                    return;
                }
            }
        }
    }

    private void breakSomething(Random random) throws Exception {
        if (random.nextBoolean()) {
            for (Side side : Side.values()) {
                sides.on(side)
                        .run(session -> session.list(
                                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                                        + " and application_name ~ 'viridian test.*(apply|settling|stream)'",
                                row -> true));
            }
        } else {
            sides.stop();
            sides.lead(policy);
        }
    }

    private void write(Side side, Random random) {
        for (int done = 0; done < TRANSACTIONS; done++) {
            int statements = 1 + random.nextInt(3);
            try (Session session = sides.on(side).open("writer")) {
                session.transaction(() -> {
                    for (int one = 0; one < statements; one++) {
                        session.execute(statement.apply(random, side));
                    }
                });
            } catch (FaultException refused) {
                // A key that is there or referred to, or a deadlock with another writer: as an application would, it
                // does the next one.
                LOG.debug("{}", refused.getMessage());
            }
        }
    }
}
