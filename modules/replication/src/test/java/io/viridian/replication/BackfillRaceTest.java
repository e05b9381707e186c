package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Side;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.Await;
import io.viridian.testkit.net.TcpProxy;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Copy, lane and outside world in each other's way. */
class BackfillRaceTest {
    private static final String TABLE = "create table t (id int primary key, v text, body text);";
    private static final String LARGE =
            "(select string_agg(md5(i::text || g::text), '') from generate_series(1, 300) as g)";
    private static final String ROWS = "insert into t select i, 'v', case when i % 100 = 0 then " + LARGE
            + " else 'small' end from generate_series(1, 3000) as i; analyze t";

    private final Script script = new Script();

    private Replica replica() {
        return replica(TABLE, TABLE);
    }

    private Replica replica(String blue, String green) {
        Replica replica = new Replica(ServerPair.shared(18, 18), MappingSpec.everythingAsItIs(), blue, green);
        replica.workers = 1;
        replica.failpoints = script;
        replica.onBlue(ROWS);
        replica.connect();
        return replica;
    }

    private static Deadline patience() {
        return Deadline.after(Clock.system(), Replica.PATIENCE);
    }

    @Test
    void aRowThatMovesTwiceIntoCopiedSpaceWithoutItsLargeValueIsNotLost() throws Exception {
        for (int windowRows : new int[] {1, 5000}) {
            Script moves = new Script();
            try (Replica replica = replica()) {
                replica.failpoints = moves;
                replica.windowRows = windowRows;
                ApplyLane lane = replica.lane();
                moves.at(CrashPoint.BACKFILL_CHUNK_PLANNED, () -> {}).at(CrashPoint.BACKFILL_CHUNK_PLANNED, () -> {
                    try (Lane.Hold _ = lane.hold(patience())) {
                        replica.onBlue("begin; update t set id = -1 where id = 2500; "
                                + "update t set id = -2, v = 'w' where id = -1; commit");
                        replica.onBlue("update t set id = -11 where id = 2600");
                        replica.onBlue("update t set id = -12 where id = -11");
                        replica.onBlue("update t set id = -21 where id = 2700");
                        replica.onBlue("delete from t where id = -21");
                        replica.onBlue("update t set id = -31 where id = 2800");
                        replica.onBlue("update t set id = 2800 where id = -31");
                    }
                });
                replica.keyRanges(lane).run();
                replica.drain(lane);
                assertThat(moves.played()).isTrue();
                replica.assertSame("t");
                assertThat(lane.status().fault()).isEmpty();
            }
        }
    }

    @Test
    void transactionsThatArePreparedOrHaveSubtransactionsAreMergedByTheirTopLevel() throws Exception {
        try (Replica replica = replica();
                Connection session = replica.application();
                Statement open = session.createStatement()) {
            session.setAutoCommit(false);
            script.at(CrashPoint.BACKFILL_CHUNK_PLANNED, () -> {
                replica.onBlue(
                        "begin; update t set v = 'prepared' where id = 7; insert into t values (-7, 'prepared', 'x'); "
                                + "savepoint s; delete from t where id = 8; prepare transaction 'p1-" + replica.blueName
                                + "'");
                replica.onBlue("begin; update t set v = 'rolled back' where id = 9; " + "prepare transaction 'p2-"
                        + replica.blueName + "'");
                open.execute(
                        "savepoint a; update t set v = 'sub' where id = 17; savepoint b; delete from t where id = 18; "
                                + "rollback to b; update t set v = 'sub sub' where id = 19; release b; release a");
            });
            script.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> {
                replica.onBlue("commit prepared 'p1-" + replica.blueName + "'");
                session.commit();
            });
            script.at(
                    CrashPoint.BACKFILL_ROWS_COPIED,
                    () -> replica.onBlue("rollback prepared 'p2-" + replica.blueName + "'"));
            ApplyLane lane = replica.lane();
            replica.keyRanges(lane).run();
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select max(attempt) from viridian.chunk"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aWorkerThatIsStoppedLeavesItsSessionToTheLaneUntilTheFoldHasEnded() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane();
            Backfill backfill = replica.keyRanges(lane);
            AtomicReference<Throwable> ended = new AtomicReference<>();
            Thread running = Thread.ofPlatform().unstarted(() -> {
                try {
                    backfill.run();
                } catch (Throwable why) {
                    ended.set(why);
                }
            });
            script.at(
                    CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> replica.onBlue("update t set v = 'folded' where id = 5"));
            script.at(CrashPoint.BACKFILL_BEFORE_MERGE_COMMIT, () -> {
                running.interrupt();
                assertThatThrownBy(() -> Await.until(
                                "the worker closes the session under the lane's hands",
                                Duration.ofMillis(500),
                                () -> replica.value(
                                                replica.green,
                                                "select count(*) from pg_stat_activity where datname = current_database() "
                                                        + "and application_name = 'viridian test backfill'")
                                        .equals("0")))
                        .isInstanceOf(AssertionError.class);
            });
            running.start();
            running.join();
            assertThat(ended.get()).isInstanceOf(InterruptedException.class);
            assertThat(lane.status().fault()).isEmpty();
            assertThat(replica.value(replica.green, "select count(*) from viridian.chunk where state = 'MERGED'"))
                    .isEqualTo("1");
            replica.keyRanges(lane).run();
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select max(attempt) from viridian.chunk"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aLongCopyIsStoppedInTheMiddle() throws Exception {
        try (Replica replica = replica()) {
            replica.onBlue("insert into t select i, 'v', repeat('x', 1000) from generate_series(10001, 30000) as i");
            replica.bytesPerSecondMax = 1_000_000;
            ApplyLane lane = replica.lane();
            Backfill backfill = replica.wholeTables(lane);
            AtomicReference<Throwable> ended = new AtomicReference<>();
            Thread running = Thread.ofPlatform().start(() -> {
                try {
                    backfill.run();
                } catch (Throwable why) {
                    ended.set(why);
                }
            });
            Await.until(
                    "rows are being copied",
                    Replica.PATIENCE,
                    () -> backfill.progress().getFirst().bytes() > 0);
            running.interrupt();
            assertThat(running.join(Duration.ofSeconds(10))).isTrue();
            assertThat(ended.get()).isInstanceOf(InterruptedException.class);
            replica.bytesPerSecondMax = 0;
            replica.wholeTables(lane).run();
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void whenOneWorkerFailsForGoodTheOthersStop() throws Exception {
        try (Replica replica = replica()) {
            replica.onBlue("insert into t select i, 'v', 'x' from generate_series(10001, 30000) as i; analyze t");
            replica.workers = 2;
            script.at(CrashPoint.BACKFILL_ROWS_COPIED, () -> {});
            script.at(CrashPoint.BACKFILL_ROWS_COPIED, () -> {
                throw Fault.of(FaultCode.GREEN_FAILED, "disk full").asException();
            });
            ApplyLane lane = replica.lane();
            assertThatThrownBy(() -> replica.keyRanges(lane).run()).hasMessageContaining("disk full");
            assertThat(Integer.parseInt(
                            replica.value(replica.green, "select count(*) from viridian.chunk where state = 'MERGED'")))
                    .as("of 23 chunks")
                    .isLessThan(12);
            replica.keyRanges(lane).run();
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void aDaemonThatWakesUpLateCannotEmptyTheTableThatItsSuccessorCopied() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane zombie = replica.lane();
            Backfill asleep = replica.wholeTables(zombie);
            script.at(CrashPoint.BACKFILL_WINDOW_OPENED, () -> {
                replica.epoch = 2;
                zombie.stop();
                ApplyLane successor = replica.lane();
                replica.wholeTables(successor).run();
                replica.drain(successor);
                replica.assertSame("t");
            });
            script.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> {}).at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> {
                throw Fault.of(FaultCode.CONFLICT, "the zombie dies").asException();
            });
            assertThatThrownBy(asleep::run)
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            lost -> assertThat(lost.code()).isIn(FaultCode.HELD_BY_ANOTHER, FaultCode.CONFLICT));
            replica.assertSame("t");
        }
    }

    @Test
    void aDaemonThatWakesUpLateCannotAddToTheTableThatItsSuccessorCopied() throws Exception {
        try (Replica replica = Replica.asItIs(
                ServerPair.shared(18, 18), "create table k (a int, b text); alter table k replica identity full")) {
            replica.onBlue("insert into k select i, 'b' from generate_series(1, 1000) as i");
            replica.connect();
            replica.failpoints = script;
            ApplyLane zombie = replica.lane();
            Backfill asleep = replica.wholeTables(zombie);
            script.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> {
                replica.epoch = 2;
                zombie.stop();
                ApplyLane successor = replica.lane();
                replica.wholeTables(successor).run();
            });
            assertThatThrownBy(asleep::run).isInstanceOf(FaultException.class);
            replica.assertSame("k");
        }
    }

    @Test
    void aChunkWhoseCommitWasNotAnsweredIsMergedOnce() throws Exception {
        try (Replica replica = replica();
                TcpProxy proxy = TcpProxy.to(replica.greenServer)) {
            replica.lanesGreen = Replica.database(proxy.jdbcUrl(replica.greenName), Side.GREEN);
            List<Throwable> failures = new ArrayList<>();
            script.at(
                    CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> replica.onBlue("update t set v = 'folded' where id = 5"));
            script.at(CrashPoint.BACKFILL_BEFORE_MERGE_COMMIT, () -> {
                proxy.dropReplies();
                Thread.ofVirtual().start(() -> {
                    try {
                        Await.until(
                                "the merge is committed",
                                Replica.PATIENCE,
                                () -> replica.value(
                                                replica.green,
                                                "select count(*) from viridian.chunk where state = 'MERGED'")
                                        .equals("1"));
                    } catch (AssertionError | InterruptedException failure) {
                        failures.add(failure);
                    }
                    proxy.cut();
                    proxy.pass();
                });
            });
            ApplyLane lane = replica.lane();
            replica.keyRanges(lane).run();
            replica.onBlue("update t set v = 'after' where id in (5, 6, 7); delete from t where id = 8; "
                    + "insert into t values (-8, 'after', 'x')");
            replica.drain(lane);
            assertThat(failures).isEmpty();
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select sum(rows) from viridian.chunk"))
                    .isEqualTo("3000");
        }
    }

    @Test
    void aWindowWhoseCommitWasNotAnsweredIsAppliedOnce() throws Exception {
        try (Replica replica = Replica.asItIs(
                        ServerPair.shared(18, 18),
                        "create table k (a int, b text); alter table k replica identity full");
                TcpProxy proxy = TcpProxy.to(replica.greenServer)) {
            replica.connect();
            replica.failpoints = script;
            replica.lanesGreen = Replica.database(proxy.jdbcUrl(replica.greenName), Side.GREEN);
            ApplyLane lane = replica.stream();
            replica.drain(lane);
            script.at(CrashPoint.STREAM_BEFORE_WINDOW_COMMIT, () -> {
                proxy.dropReplies();
                Thread.ofVirtual().start(() -> {
                    try {
                        Await.until(
                                "the window is committed",
                                Replica.PATIENCE,
                                () -> replica.value(replica.green, "select count(*) from k")
                                        .equals("100"));
                    } catch (AssertionError | InterruptedException failure) {
                        throw new IllegalStateException(failure);
                    } finally {
                        proxy.cut();
                        proxy.pass();
                    }
                });
            });
            replica.onBlue("insert into k select 1, 'same' from generate_series(1, 100)");
            replica.drain(lane);
            replica.assertSame("k");
            assertThat(replica.value(replica.green, "select count(*) from k")).isEqualTo("100");
        }
    }

    /** Green's secondary unique indexes are usually built after the load; a schema of the user's own may have them. */
    @Test
    void aUniqueValueThatGoesFromACopiedRowIntoAChunkIsNoConflict() throws Exception {
        String blue = TABLE + "alter table t add u int unique;";
        try (Replica replica = replica(blue, blue)) {
            replica.onBlue("update t set u = id");
            ApplyLane lane = replica.lane();
            AtomicReference<Lane.Hold> hold = new AtomicReference<>();
            script.at(CrashPoint.BACKFILL_WINDOW_OPENED, () -> {});
            script.at(CrashPoint.BACKFILL_WINDOW_OPENED, () -> {
                hold.set(lane.hold(patience()));
                replica.onBlue("begin; update t set u = -5 where id = 5; update t set u = 5 where id = 1500; commit");
                Thread.ofVirtual().start(() -> {
                    try {
                        Await.until(
                                "the chunk has met the value that is still with its former row",
                                Replica.PATIENCE,
                                () -> replica.value(
                                                replica.green,
                                                "select xact_rollback > 0 from pg_stat_database where datname = current_database()")
                                        .equals("t"));
                    } catch (AssertionError | InterruptedException failure) {
                        throw new IllegalStateException(failure);
                    } finally {
                        hold.get().close();
                    }
                });
            });
            replica.keyRanges(lane).run();
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    /**
     * The parts of a whole table are committed before its merge, and the lane may come by what they have seen later.
     */
    @Test
    void aTruncateThatTheCopyHasSeenDoesNotEmptyItWhenTheLaneComesByLater() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane();
            AtomicReference<Lane.Hold> hold = new AtomicReference<>();
            script.at(CrashPoint.BACKFILL_WINDOW_OPENED, () -> {
                hold.set(lane.hold(patience()));
                replica.onBlue("truncate t");
                replica.onBlue("insert into t select i, 'after', 'small' from generate_series(1, 100) as i");
            });
            script.at(CrashPoint.BACKFILL_ROWS_COPIED, () -> hold.get().close());
            replica.wholeTables(lane).run();
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void aLaneThatStartsAnewInTheMiddleOfAChunkHasItReadAgain() throws Exception {
        for (CrashPoint point : new CrashPoint[] {
            CrashPoint.BACKFILL_WINDOW_OPENED,
            CrashPoint.BACKFILL_SNAPSHOT_TAKEN,
            CrashPoint.BACKFILL_ROWS_COPIED,
            CrashPoint.BACKFILL_MARKER_EMITTED,
            CrashPoint.BACKFILL_AFTER_MERGE_COMMIT
        }) {
            Script cut = new Script();
            try (Replica replica = replica()) {
                replica.failpoints = cut;
                cut.at(point, () -> {});
                cut.at(point, () -> {
                    replica.onBlue(
                            "update t set v = 'before' where id in (1500, 1501, 5, 2500); delete from t where id = 1502");
                    replica.blue.run(session -> session.list(
                            "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = ? and active",
                            row -> true,
                            replica.slot));
                    replica.onBlue(
                            "update t set v = 'after' where id in (1503, 1501, 6, 2501); delete from t where id = 1504");
                });
                ApplyLane lane = replica.lane();
                replica.keyRanges(lane).run();
                replica.drain(lane);
                assertThat(cut.played()).isTrue();
                replica.assertSame("t");
            }
        }
    }
}
