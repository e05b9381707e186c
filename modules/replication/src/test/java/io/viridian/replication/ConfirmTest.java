package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.position.Lsn;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the source is told that it may forget. */
class ConfirmTest {
    private static final String TABLE = "create table t (id int primary key, v text)";

    private static Change.Commit readToCommit(ChangeStream stream, int commits) throws InterruptedException {
        for (int seen = 0; ; ) {
            if (Objects.requireNonNull(stream.poll(Replica.PATIENCE)) instanceof Change.Commit commit
                    && ++seen == commits) {
                return commit;
            }
        }
    }

    /**
     * The driver would confirm by itself what a keepalive names, when the last message lies before what we confirmed.
     * In the middle of a transaction that began long ago that is not so: others have been committed since.
     */
    @Test
    void aKeepaliveInTheMiddleOfALongTransactionConfirmsNothing() throws Exception {
        try (Replica replica = Replica.asItIs(ServerPair.shared(18, 18), TABLE)) {
            replica.connect();
            replica.onBlue("alter database " + replica.blueName + " set wal_sender_timeout = '4s'");
            try (Connection session = replica.application();
                    Statement early = session.createStatement()) {
                session.setAutoCommit(false);
                early.execute("insert into t select i, repeat('x', 1000) from generate_series(1, 20000) as i");
                replica.onBlue("insert into t values (-1, 'committed meanwhile')");
                session.commit();
            }
            try (ChangeStream stream = replica.source(replica.blue).open()) {
                Lsn unsettled = readToCommit(stream, 1).commitLsn();
                stream.confirm(unsettled);
                Change first = Objects.requireNonNull(stream.poll(Replica.PATIENCE));
                assertThat(first).isInstanceOf(Change.Begin.class);
                stream.stayAlive();
                Await.until(
                        "the server has asked whether we live",
                        Replica.PATIENCE,
                        () -> replica.value(
                                        replica.blue,
                                        "select clock_timestamp() - reply_time > '2.3s' from pg_stat_replication "
                                                + "where pid = (select active_pid from pg_replication_slots where slot_name = '"
                                                + replica.slot + "')")
                                .equals("t"));
                Lsn end = readToCommit(stream, 1).endLsn();
                stream.stayAlive();
                stream.poll(Duration.ofMillis(10));
                Await.until(
                        "our answers have arrived",
                        Replica.PATIENCE,
                        () -> !replica.slotState().confirmed().isBefore(unsettled));
                assertThat(replica.slotState().confirmed()).isEqualTo(unsettled).isLessThan(end);
            }
        }
    }

    @Test
    void nothingBeyondTheOldestUnsettledTransactionIsConfirmed() throws Exception {
        try (ServerPair pair = ServerPair.start(18, 18);
                Replica replica = Replica.asItIs(pair, TABLE)) {
            replica.onBlue("insert into t select i, 'v' from generate_series(1, 3000) as i; analyze t");
            replica.connect();
            Script script = new Script();
            replica.failpoints = script;
            replica.workers = 1;
            ApplyLane lane = replica.lane();
            replica.drain(lane);
            Lsn before = replica.blue.query(io.viridian.postgres.slot.Slots::currentWal);
            pair.blue().set("synchronous_standby_names", "nosuch");
            Thread hanging = Thread.ofVirtual().start(() -> {
                try (Connection session = replica.application();
                        Statement statement = session.createStatement()) {
                    statement.execute("update t set v = 'hanging' where id = 2999");
                } catch (java.sql.SQLException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            Await.until(
                    "a transaction hangs in its commit",
                    Replica.PATIENCE,
                    () -> replica.value(
                                    replica.blue, "select count(*) from pg_stat_activity where wait_event = 'SyncRep'")
                            .equals("1"));
            for (int round = 0; round < 5; round++) {
                replica.drain(lane);
            }
            Lsn oldest = lane.status().confirmed();
            assertThat(oldest).isGreaterThanOrEqualTo(before).isLessThan(replica.progress());
            // Crash with the unsettled transaction in memory: a new daemon has it again before it opens a window.
            script.at(CrashPoint.BACKFILL_AFTER_MERGE_COMMIT, () -> {
                assertThat(lane.status().confirmed()).isEqualTo(oldest);
                throw new AssertionError("killed");
            });
            try {
                replica.keyRanges(lane).run();
            } catch (AssertionError killed) {
                assertThat(killed).hasMessage("killed");
            }
            lane.stop();
            assertThat(replica.slotState().confirmed()).isLessThanOrEqualTo(oldest);
            replica.epoch = 2;
            ApplyLane next = replica.lane();
            replica.keyRanges(next).run();
            assertThat(replica.value(replica.green, "select v from t where id = 2999"))
                    .as("folded, although no snapshot saw it")
                    .isEqualTo("hanging");
            pair.blue().reset("synchronous_standby_names");
            hanging.join();
            replica.drain(next);
            replica.drain(next);
            replica.assertSame("t");
            Await.until("the slot moves on", Replica.PATIENCE, () -> {
                replica.drain(next);
                return replica.slotState().confirmed().isAfter(oldest);
            });
        }
    }
}
