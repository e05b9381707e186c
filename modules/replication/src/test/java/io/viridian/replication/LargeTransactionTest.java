package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.feed.Change;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.postgres.slot.Origins;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that the server sends while they are open, because they are larger than it holds in memory. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class LargeTransactionTest {
    private static final String SCHEMA = """
            create table t (id int primary key, v text, n int default 0);
            create table other (id int primary key, body text, small int);
            """;

    @Parameter
    int blueMajor;

    @TempDir
    Path directory;

    private Replica replica() {
        Replica replica = Replica.asItIs(ServerPair.shared(blueMajor, 18), SCHEMA);
        replica.spoolDirectory = directory;
        replica.spoolMemoryBytes = 128 * 1024;
        // The least there is; a walsender takes the settings of its database.
        replica.onBlue("alter database " + replica.blueName + " set logical_decoding_work_mem = '64kB'");
        replica.connect();
        return replica;
    }

    private static String rows(int from, int count) {
        return "insert into t select i, repeat('v' || i, 20) from generate_series(%d, %d) as i"
                .formatted(from, from + count - 1);
    }

    /** An application's transaction that stays open until the test ends it. */
    private static final class Open implements AutoCloseable {
        private final Connection connection;
        private final Statement statement;

        Open(Replica replica) throws SQLException {
            connection = replica.application();
            connection.setAutoCommit(false);
            statement = connection.createStatement();
        }

        void run(String sql) throws SQLException {
            statement.execute(sql);
        }

        void commit() throws SQLException {
            connection.commit();
        }

        void rollback() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static void awaitSpooled(ApplyLane lane) throws InterruptedException {
        Await.until(
                "a part of the open transaction has been read",
                Replica.PATIENCE,
                () -> lane.status().spooledBytes() > 0);
    }

    private static void awaitNothingSpooled(ApplyLane lane) throws InterruptedException {
        Await.until(
                "nothing waits for a commit",
                Replica.PATIENCE,
                () -> lane.status().spooledBytes() == 0);
    }

    @Test
    void arriveWholeAtTheirCommitWhileSmallOnesPassThem() throws Exception {
        try (Replica replica = replica();
                Open large = new Open(replica)) {
            ApplyLane lane = replica.stream();
            large.run(rows(1, 20_000));
            awaitSpooled(lane);
            replica.onBlue("insert into other values (1, 'small')");
            replica.drain(lane);
            replica.assertSame("other");
            assertThat(replica.value(replica.green, "select count(*) from t")).isEqualTo("0");
            large.run("update t set n = id where id % 3 = 0");
            large.run("delete from t where id % 7 = 0");
            large.run("update t set id = -id where id % 11 = 0");
            large.run("insert into other values (2, 'by the large one')");
            large.commit();
            replica.drain(lane);
            replica.assertSame("t", "other");
            assertThat(lane.status().spooledBytes()).isZero();
        }
    }

    @Test
    void thatAreRolledBackLeaveNothing() throws Exception {
        try (Replica replica = replica();
                Open large = new Open(replica)) {
            ApplyLane lane = replica.stream();
            large.run(rows(1, 20_000));
            awaitSpooled(lane);
            large.rollback();
            replica.onBlue(rows(100, 10));
            replica.drain(lane);
            replica.assertSame("t");
            awaitNothingSpooled(lane);
        }
    }

    @Test
    void severalAtATimeEachKeepTheirOwnRows() throws Exception {
        try (Replica replica = replica();
                Open first = new Open(replica);
                Open second = new Open(replica);
                Open third = new Open(replica)) {
            ApplyLane lane = replica.stream();
            for (int part = 0; part < 6; part++) {
                first.run(rows(100_000 + part * 1_000, 1_000));
                second.run(rows(200_000 + part * 1_000, 1_000));
                third.run(rows(300_000 + part * 1_000, 1_000));
            }
            awaitSpooled(lane);
            third.commit();
            second.rollback();
            first.run("update t set n = 1 where id >= 300000");
            first.commit();
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select count(*) from t where n = 1"))
                    .isEqualTo("6000");
        }
    }

    @Test
    void loseExactlyWhatTheirSavepointsRolledBack() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            for (int seed = 0; seed < 12; seed++) {
                String program = String.join(";\n", savepoints(new Random(seed), seed * 100_000));
                try (Open large = new Open(replica)) {
                    large.run(program);
                    large.commit();
                }
                replica.drain(lane);
                replica.assertSame("t", "other");
            }
            assertThat(replica.value(
                            replica.blue,
                            "select stream_count > 12 from pg_stat_replication_slots where slot_name = '" + replica.slot
                                    + "'"))
                    .isEqualTo("t");
        }
    }

    /** Nested savepoints, released and rolled back at random, between statements of which many exceed the memory. */
    private static List<String> savepoints(Random random, int from) {
        List<String> program = new ArrayList<>();
        Deque<String> within = new ArrayDeque<>();
        int next = from;
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    String name = "s" + step;
                    within.push(name);
                    program.add("savepoint " + name);
                }
                case 2 -> {
                    if (!within.isEmpty()) {
                        program.add("rollback to " + within.peek());
                    }
                }
                case 3 -> {
                    if (!within.isEmpty()) {
                        program.add("release " + within.pop());
                    }
                }
                case 4 ->
                    program.add("update t set n = n + 1 where id >= %d and id %% 3 = %d"
                            .formatted(from, random.nextInt(3)));
                default -> {
                    int count = random.nextInt(3) == 0 ? 3 : 400;
                    program.add(rows(next, count));
                    next += count;
                }
            }
        }
        return program;
    }

    @Test
    void describeATableOnceThoughItsFirstRowsAreRolledBack() throws Exception {
        try (Replica replica = replica();
                Open large = new Open(replica)) {
            ApplyLane lane = replica.stream();
            large.run(rows(1, 2_000));
            large.run("savepoint a");
            large.run("insert into other select i, repeat('gone', 50) from generate_series(1, 5000) as i");
            awaitSpooled(lane);
            large.run("rollback to a");
            large.run("insert into other select i, repeat('kept', 50) from generate_series(1, 5000) as i");
            large.commit();
            replica.drain(lane);
            replica.assertSame("t", "other");
            // What was described in it holds for what comes after it.
            replica.onBlue("update other set body = 'small' where id = 1; update t set v = 'small' where id = 1");
            replica.drain(lane);
            replica.assertSame("t", "other");
        }
    }

    @Test
    void keepLargeValuesThatTheyLeaveAlone() throws Exception {
        try (Replica replica = replica();
                Open large = new Open(replica)) {
            ApplyLane lane = replica.stream();
            large.run("insert into other select i, (select string_agg(md5(i::text || j), '') from"
                    + " generate_series(1, 300) as j) from generate_series(1, 50) as i");
            large.run("update other set small = id");
            large.run("truncate t");
            large.run(rows(1, 5_000));
            large.run("truncate t");
            large.run(rows(3, 5_000));
            awaitSpooled(lane);
            large.commit();
            replica.drain(lane);
            replica.assertSame("t", "other");
        }
    }

    @Test
    void areReadAgainFromTheirBeginningAfterTheStreamBroke() throws Exception {
        try (Replica replica = replica();
                Open large = new Open(replica)) {
            ApplyLane lane = replica.stream();
            large.run(rows(1, 20_000));
            awaitSpooled(lane);
            replica.cutSessions();
            Await.until(
                    "the lane is connected again",
                    Replica.PATIENCE,
                    () -> lane.settled() && lane.status().spooledBytes() > 0);
            large.run(rows(30_000, 100));
            large.commit();
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void stayOnTheServerWhenTheSpoolDirectoryDoesNotServe() throws Exception {
        try (Replica replica = replica();
                Open large = new Open(replica)) {
            replica.spoolDirectory = Files.createFile(directory.resolve("file")).resolve("spool");
            ApplyLane lane = replica.stream();
            large.run(rows(1, 20_000));
            replica.onBlue("insert into other values (1, 'small')");
            replica.drain(lane);
            replica.assertSame("other");
            large.commit();
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(
                            replica.blue,
                            "select spill_txns > 0 from pg_stat_replication_slots where slot_name = '" + replica.slot
                                    + "'"))
                    .isEqualTo("t");
        }
    }

    @Test
    void giveBackTheirSpaceWhenTheStreamIsClosedInTheMiddle() throws Exception {
        try (Replica replica = replica();
                Open half = new Open(replica);
                Open open = new Open(replica)) {
            ChangeSource source = replica.source(replica.blue);
            try (ChangeStream stream = source.open()) {
                open.run(rows(1, 5_000));
                half.run(rows(10_000, 5_000));
                half.commit();
                Deadline by = Deadline.after(Clock.system(), Replica.PATIENCE);
                Change change = null;
                while (!(change instanceof Change.Insert) && !by.expired()) {
                    change = stream.poll(Duration.ofMillis(100));
                }
                assertThat(change).isInstanceOf(Change.Insert.class);
                assertThat(source.spooledBytes()).isPositive();
            }
            assertThat(source.spooledBytes()).isZero();
        }
    }

    @Test
    void ofOursComeWithoutTheirRows() throws Exception {
        try (Replica replica = replica()) {
            replica.blue.run(session -> Origins.create(session, replica.slot));
            ChangeSource source = replica.source(replica.blue);
            try (ChangeStream stream = source.open();
                    Open ours = new Open(replica)) {
                ours.run("select pg_replication_origin_session_setup('" + replica.slot + "')");
                ours.run(rows(1, 10));
                ours.commit();
                ours.run(rows(100, 20_000));
                ours.run("select pg_logical_emit_message(true, 'ours', 'message')");
                ours.commit();
                assertThat(kinds(stream, 2))
                        .containsExactly(
                                "Begin",
                                "Origin",
                                "Described",
                                "Commit",
                                "Begin",
                                "Origin",
                                "Described",
                                "Message",
                                "Commit");
                assertThat(source.spooledBytes()).isZero();
            } finally {
                Origins.drop(replica.blue, replica.slot, Replica.PATIENCE);
            }
        }
    }

    /** What so many transactions consist of; those that are empty, which 14 sends too, are left out. */
    private static List<String> kinds(ChangeStream stream, int transactions) throws InterruptedException {
        List<String> kinds = new ArrayList<>();
        List<String> transaction = new ArrayList<>();
        int seen = 0;
        Deadline by = Deadline.after(Clock.system(), Replica.PATIENCE);
        while (seen < transactions && !by.expired()) {
            Change change = stream.poll(Duration.ofMillis(100));
            if (change != null) {
                transaction.add(change.getClass().getSimpleName());
            }
            if (change instanceof Change.Commit) {
                if (transaction.size() > 2) {
                    kinds.addAll(transaction);
                    seen++;
                }
                transaction.clear();
            }
        }
        return kinds;
    }
}
