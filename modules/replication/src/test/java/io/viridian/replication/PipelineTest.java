package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.position.Lsn;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.NoLeftovers;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens while a window is being written: here one that waits on green for somebody else's lock. */
@ExtendWith(NoLeftovers.class)
class PipelineTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private static Replica replica() {
        Replica replica = Replica.asItIs(ServerPair.shared(18, 18), "create table t (id int primary key, v text)");
        replica.onBlue("insert into t values (1, 'a')");
        replica.onGreen("insert into t values (1, 'a')");
        replica.connect();
        return replica;
    }

    /** Holds the row that the lane is to change until it is closed. */
    private static Connection somebodyLocksTheRow(Replica replica) throws SQLException {
        Connection other = replica.greenServer.connect(replica.greenName);
        other.setAutoCommit(false);
        other.createStatement().execute("select 1 from t where id = 1 for update");
        return other;
    }

    private static void awaitTheWriterWaiting(Replica replica) throws InterruptedException {
        Await.until(
                "the lane waits for the lock",
                Replica.PATIENCE,
                () -> replica.value(
                                replica.green,
                                "select count(*) from pg_locks where not granted and locktype = 'transactionid'")
                        .equals("1"));
    }

    private static Deadline in(Duration time) {
        return Deadline.after(Clock.system(), time);
    }

    @Test
    void whatComesWhileAWindowIsWrittenIsPreparedAndWrittenBehindIt() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            Lsn before = replica.progress();
            try (Connection _ = somebodyLocksTheRow(replica)) {
                replica.onBlue("update t set v = 'b' where id = 1");
                awaitTheWriterWaiting(replica);
                replica.onBlue("insert into t values (2, 'b')");
                replica.onBlue("update t set v = 'c' where id = 1");
                Lsn all = replica.blue.query(
                        session -> session.one("select pg_current_wal_insert_lsn()::text", row -> row.lsn(1)));
                Await.until(
                        "the lane has read on",
                        Replica.PATIENCE,
                        () -> !lane.status().received().isBefore(all));
                assertThat(replica.progress()).isEqualTo(before);
                assertThat(lane.status().transactions()).isZero();
            }
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(lane.status().rows()).isEqualTo(3);
        }
    }

    @Test
    void aLaneThatIsStoppedWhileItWritesCommitsNothingAfterwards() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            try (Connection _ = somebodyLocksTheRow(replica)) {
                replica.onBlue("update t set v = 'b' where id = 1");
                awaitTheWriterWaiting(replica);
                lane.stop();
            }
            Await.until(
                    "the lane's session has ended",
                    Replica.PATIENCE,
                    () -> replica.rows(
                                    replica.green,
                                    "select pid::text from pg_stat_activity where datname = current_database() "
                                            + "and application_name like '%apply%'")
                            .isEmpty());
            assertThat(replica.value(replica.green, "select v from t where id = 1"))
                    .isEqualTo("a");
            replica.drain(replica.stream());
            replica.assertSame("t");
        }
    }

    @Test
    void aLaneStandsStillOnlyWhenWhatItWroteIsCommitted() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            try (Connection _ = somebodyLocksTheRow(replica)) {
                replica.onBlue("update t set v = 'b' where id = 1");
                awaitTheWriterWaiting(replica);
                assertThatThrownBy(() -> lane.hold(in(SHORT))).isInstanceOf(FaultException.class);
            }
            try (Lane.Hold _ = lane.hold(in(Replica.PATIENCE))) {
                assertThat(replica.value(replica.green, "select v from t where id = 1"))
                        .isEqualTo("b");
            }
        }
    }

    @Test
    void aLaneThatIsToWatchCommitsFirstWhatItIsWriting() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            try (Connection _ = somebodyLocksTheRow(replica)) {
                replica.onBlue("update t set v = 'b' where id = 1");
                awaitTheWriterWaiting(replica);
                lane.watch();
                assertThat(lane.settled()).isFalse();
            }
            Await.until("the lane watches", Replica.PATIENCE, lane::settled);
            assertThat(replica.value(replica.green, "select v from t where id = 1"))
                    .isEqualTo("b");
        }
    }

    @Test
    void aTransactionThatIsWrittenInManyPartsIsCommittedAsOne() throws Exception {
        try (Replica replica = replica()) {
            replica.windowRows = 3;
            ApplyLane lane = replica.stream();
            try (Connection _ = somebodyLocksTheRow(replica)) {
                replica.onBlue("insert into t select n, 'x' from generate_series(2, 100) n; update t set v = v || id; "
                        + "update t set id = -id where id % 7 = 0; delete from t where id % 5 = 0");
                awaitTheWriterWaiting(replica);
                assertThat(replica.value(replica.green, "select count(*) from t"))
                        .isEqualTo("1");
            }
            replica.onBlue("update t set v = 'later' where id % 3 = 0");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }
}
