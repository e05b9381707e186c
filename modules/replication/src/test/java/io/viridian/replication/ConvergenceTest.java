package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.FaultException;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import io.viridian.testkit.server.ServerPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writers on both sides change few rows in every way, as fast as they can: whichever rows stay, in the end both sides
 * have the same, also when connections break and lanes begin anew meanwhile.
 */
class ConvergenceTest {
    private static final Logger LOG = LoggerFactory.getLogger(ConvergenceTest.class);
    private static final int KEYS = 12;
    private static final int WRITERS = 3;
    private static final int TRANSACTIONS = 120;

    private static final String SCHEMA = """
            create table account (id int primary key, owner text, cents bigint not null default 0, note text);
            create table tag (kind text, number int, label text, primary key (kind, number));
            insert into account select n, 'o' || n, 0, null from generate_series(1, 12) n;
            insert into tag select 'k' || n % 3, n, 'l' from generate_series(1, 12) n;
            """;

    @ParameterizedTest
    @CsvSource({
        "BLUE_WINS, 1, false",
        "GREEN_WINS, 2, false",
        "NEWEST_WINS, 3, false",
        "BLUE_WINS, 4, true",
        "GREEN_WINS, 5, true",
        "NEWEST_WINS, 6, true"
    })
    void bothSidesHaveTheSameInTheEnd(ConflictPolicy policy, long seed, boolean interrupted) throws Exception {
        try (BothSides sides = BothSides.asItIs(ServerPair.shared(14, 18), SCHEMA);
                ExecutorService writers = Executors.newFixedThreadPool(2 * WRITERS)) {
            sides.lead(policy);
            List<Future<?>> running = new ArrayList<>();
            for (Side side : Side.values()) {
                for (int writer = 0; writer < WRITERS; writer++) {
                    Random random = new Random(seed * 100 + (side == Side.BLUE ? 0 : 10) + writer);
                    running.add(writers.submit(() -> write(sides, side, random)));
                }
            }
            Random breaks = new Random(seed);
            while (running.stream().anyMatch(one -> !one.isDone())) {
                if (interrupted) {
                    breakSomething(sides, policy, breaks);
                }
                awaitAny(running);
            }
            for (Future<?> one : running) {
                one.get();
            }
            sides.drain();
            sides.drain();
            sides.replica.assertSame("account", "tag");
            assertThat(sides.conflicts()).as("the test meets conflicts").isNotEmpty();
        }
    }

    private static void awaitAny(List<Future<?>> running) throws Exception {
        for (Future<?> one : running) {
            if (!one.isDone()) {
                try {
                    one.get(300, TimeUnit.MILLISECONDS);
                } catch (java.util.concurrent.TimeoutException goesOn) {
                    return;
                }
            }
        }
    }

    private static void breakSomething(BothSides sides, ConflictPolicy policy, Random random) throws Exception {
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

    private static void write(BothSides sides, Side side, Random random) {
        for (int done = 0; done < TRANSACTIONS; done++) {
            int statements = 1 + random.nextInt(3);
            try (Session session = sides.on(side).open("writer")) {
                session.transaction(() -> {
                    for (int one = 0; one < statements; one++) {
                        session.execute(statement(random, side));
                    }
                });
            } catch (FaultException refused) {
                // A key that is there, or a deadlock with another writer: as an application would, it does the next
                // one.
                LOG.debug("{}", refused.getMessage());
            }
        }
    }

    private static String statement(Random random, Side side) {
        int id = 1 + random.nextInt(KEYS);
        int other = 1 + random.nextInt(KEYS);
        String word = side.text() + random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0, 1 ->
                "insert into account values (%d, '%s', %d, null) on conflict (id) do nothing"
                        .formatted(id, word, other);
            case 2 -> "delete from account where id = " + id;
            case 3 ->
                "update account set id = %d where id = %d and not exists (select 1 from account where id = %d)"
                        .formatted(other, id, other);
            case 4 ->
                "update account set note = (select string_agg(md5(random()::text), '') from generate_series(1, 200))"
                        + " where id = " + id;
            case 5 -> "delete from tag where number = " + id;
            case 6 -> "insert into tag values ('k%d', %d, '%s') on conflict do nothing".formatted(id % 3, id, word);
            case 7 -> "update tag set label = '%s' where number = %d".formatted(word, id);
            default -> "update account set cents = cents + %d, owner = '%s' where id = %d".formatted(other, word, id);
        };
    }
}
