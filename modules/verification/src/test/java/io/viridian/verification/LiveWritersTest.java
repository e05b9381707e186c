package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * While writers go on and a lane follows them, every verification is exact: nothing false is found, nothing is missed.
 */
class LiveWritersTest {
    private static final String TABLES = """
            create table account (id int primary key, balance bigint not null, note text);
            insert into account select g, 1000, 'n' from generate_series(1, 200) g;
            create table entry (id bigint primary key, account int, amount bigint)
            """;

    /** So far the writers may be ahead of the lane, which is slower than they are. */
    private static final int AHEAD = 40;

    /** Moves money between accounts until it is stopped; the writes of one transaction belong together. */
    private record Writer(TestPair pair, StreamLane lane, int number, AtomicBoolean stopped, AtomicLong written)
            implements Runnable {
        @Override
        public void run() {
            Random random = new Random(number);
            try (Connection connection = pair.connectBlue()) {
                connection.setAutoCommit(false);
                while (!stopped.get()) {
                    Await.until(
                            "the lane keeps up",
                            TestPair.PATIENCE,
                            () -> stopped.get() || written.get() - lane.applied() < AHEAD);
                    transfer(connection, random, written.incrementAndGet());
                    connection.commit();
                }
            } catch (SQLException | InterruptedException failure) {
                throw new AssertionError(failure);
            }
        }

        private void transfer(Connection connection, Random random, long id) throws SQLException {
            int amount = random.nextInt(50);
            int from = 1 + random.nextInt(100);
            TestPair.run(
                    connection,
                    "update account set balance = balance - %d where id = %d".formatted(amount, from),
                    "update account set balance = balance + %d, note = '%d' where id = %d"
                            .formatted(amount, id, 101 + random.nextInt(100)),
                    "insert into entry values (%d, %d, %d)".formatted(id, from, amount),
                    "delete from entry where id = %d".formatted(id - 50));
        }
    }

    @ParameterizedTest
    @CsvSource({"14, 18", "18, 18"})
    void everyVerificationIsCleanAndAnInjectedFaultIsTheOnlyFind(int blue, int green) throws Exception {
        try (TestPair pair = TestPair.of(blue, green)) {
            pair.both(TABLES);
            List<TableName> tables = List.of(TableName.parse("account"), TableName.parse("entry"));
            AtomicBoolean stopped = new AtomicBoolean();
            AtomicLong written = new AtomicLong();
            List<Thread> writers = new ArrayList<>();
            try (StreamLane lane = new StreamLane(pair, tables)) {
                for (int writer = 0; writer < 3; writer++) {
                    writers.add(Thread.ofVirtual().start(new Writer(pair, lane, writer, stopped, written)));
                }
                try {
                    for (int round = 0; round < 8; round++) {
                        long before = lane.applied();
                        Verification verification = pair.verify(lane);
                        assertThat(verification.differences()).isEmpty();
                        assertThat(verification.clean()).isTrue();
                        Await.until("the lane goes on", TestPair.PATIENCE, () -> lane.applied() > before);
                    }
                    pair.onGreen("insert into entry values (-1, 0, 0)");
                    assertThat(pair.verify(lane).differences())
                            .singleElement()
                            .satisfies(
                                    difference -> assertThat(difference.key()).isEqualTo("id=-1"));
                } finally {
                    stopped.set(true);
                    for (Thread writer : writers) {
                        writer.join();
                    }
                }
                assertThat(lane.marked).hasValue(9);
                assertThat(lane.forgotten)
                        .as("clean ones, before the last one found the fault")
                        .hasValue(8);
            }
        }
    }
}
