package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.feed.Snapshot;
import io.viridian.position.Lsn;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.Lanes;
import io.viridian.replication.merge.Visibility;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL streams a commit before it is visible (protocol §0, finding 1). A synchronous standby that never answers
 * holds that gap open for as long as the test likes: writers hang in their commit, streamed and invisible, while
 * windows open, snapshots are taken, markers pass and chunks are merged around them.
 */
class VisibilityGapTest {
    private static final String SCHEMA = "create table t (id int primary key, v text, body text)";

    private static ServerPair pair;

    @BeforeAll
    static void startServers() {
        pair = ServerPair.start(18, 18);
    }

    @AfterAll
    static void stopServers() {
        pair.close();
    }

    @AfterEach
    void closeTheGap() throws Exception {
        pair.blue().reset("synchronous_standby_names");
    }

    /** Compares positions, as textbooks do: a commit record before the snapshot is part of what was read. */
    private static final class ByPosition implements Visibility {
        private final Replica replica;
        private final IdentityHashMap<Snapshot, Lsn> takenAt = new IdentityHashMap<>();

        ByPosition(Replica replica) {
            this.replica = replica;
        }

        @Override
        public synchronized boolean includes(Snapshot taken, long xid, Lsn commitLsn) {
            return commitLsn.isBefore(takenAt.computeIfAbsent(taken, _ -> replica.blue.query(Slots::currentWal)));
        }
    }

    /** Transactions that hang in their commit, from the moment they are streamed. */
    private static final class Hanging {
        private final Replica replica;
        private final ApplyLane lane;
        private final List<Thread> threads = new ArrayList<>();
        private int group;

        Hanging(Replica replica, ApplyLane lane) {
            this.replica = replica;
            this.lane = lane;
        }

        /** Every kind of change in the chunk [1001, 2001), and some out of it and into it, on rows of their own. */
        void commitSome() throws Exception {
            int own = 1001 + 50 * group;
            group++;
            hang("update t set v = 'updated' where id = " + own);
            hang("update t set body = body || 'x', v = 'both' where id = " + (own + 1));
            hang("delete from t where id = " + (own + 2));
            hang("insert into t values (" + (own + 3) + ", 'inserted', 'b')");
            hang("update t set id = " + (own + 5) + " where id = " + (own + 4));
            hang("update t set id = id + 4000, body = 'out' where id = " + (own + 6));
            hang("update t set id = " + (own + 7) + ", body = 'in' where id = " + (3000 + own));
            hang("begin; delete from t where id = " + (own + 8) + "; insert into t values (" + (own + 8)
                    + ", 'again', 'b'); commit");
            replica.drain(lane);
        }

        private void hang(String transaction) throws Exception {
            Connection connection = replica.application();
            threads.add(Thread.ofVirtual().start(() -> {
                try (connection;
                        Statement statement = connection.createStatement()) {
                    statement.execute(transaction);
                } catch (java.sql.SQLException serverGone) {
                    throw new IllegalStateException(serverGone);
                }
            }));
            Await.until(
                    threads.size() + " transactions hang in their commit",
                    Replica.PATIENCE,
                    () -> replica.value(
                                    replica.blue, "select count(*) from pg_stat_activity where wait_event = 'SyncRep'")
                            .equals("" + threads.size()));
        }

        void release() throws Exception {
            pair.blue().reset("synchronous_standby_names");
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private interface Copy {
        Backfill of(Replica replica, ApplyLane lane);
    }

    /** Answers how many rows differ at the end. */
    private static int differencesAfter(Copy copy, boolean byPosition) throws Exception {
        try (Replica replica = Replica.asItIs(pair, SCHEMA)) {
            replica.workers = 1;
            replica.onBlue("insert into t select i, 'v', 'body' from generate_series(1, 3000) as i "
                    + "where i not between 1001 and 2000 or (i - 1001) % 50 not in (3, 5, 7)");
            replica.onBlue("insert into t select 3000 + i, 'v', 'body' from generate_series(1001, 2000) as i "
                    + "where (i - 1001) % 50 = 0");
            replica.onBlue("analyze t");
            replica.connect();
            Script script = new Script();
            replica.failpoints = script;
            ApplyLane lane = byPosition
                    ? Lanes.with(replica.settings(), replica.parts(replica.ledger()), new ByPosition(replica))
                    : Lanes.with(replica.settings(), replica.parts(replica.ledger()), Visibility.BY_XID);
            replica.keep(lane);
            lane.start();
            replica.drain(lane);
            pair.blue().set("synchronous_standby_names", "nosuch");
            Hanging hanging = new Hanging(replica, lane);
            try {
                Backfill backfill = copy.of(replica, lane);
                for (CrashPoint point : new CrashPoint[] {
                    CrashPoint.BACKFILL_CHUNK_PLANNED,
                    CrashPoint.BACKFILL_WINDOW_OPENED,
                    CrashPoint.BACKFILL_SNAPSHOT_TAKEN,
                    CrashPoint.BACKFILL_ROWS_COPIED,
                    CrashPoint.BACKFILL_AFTER_MERGE_COMMIT
                }) {
                    script.at(point, hanging::commitSome);
                }
                backfill.run();
                hanging.commitSome();
                assertThat(script.played()).isTrue();
                assertThat(replica.value(replica.blue, "select count(*) from t where v = 'updated'"))
                        .as("nothing of it is visible yet")
                        .isEqualTo("0");
            } finally {
                hanging.release();
            }
            replica.drain(lane);
            List<String> onBlue = new ArrayList<>(replica.rows(replica.blue, "select t::text from t"));
            List<String> onGreen = replica.rows(replica.green, "select t::text from t");
            assertThat(onBlue.stream().filter(row -> row.contains("updated")).count())
                    .isEqualTo(6);
            int differences = 0;
            for (String row : onGreen) {
                differences += onBlue.remove(row) ? 0 : 1;
            }
            return differences + onBlue.size();
        }
    }

    @Test
    void whatIsStreamedAndInvisibleIsNeitherLostNorUndoneByKeyRanges() throws Exception {
        assertThat(differencesAfter(Replica::keyRanges, false)).isZero();
    }

    @Test
    void whatIsStreamedAndInvisibleIsNeitherLostNorUndoneByAWholeTable() throws Exception {
        assertThat(differencesAfter(Replica::wholeTables, false)).isZero();
    }

    @Test
    void aRuleOfPositionsLosesRows() throws Exception {
        assertThat(differencesAfter(Replica::keyRanges, true)).isPositive();
        assertThat(differencesAfter(Replica::wholeTables, true)).isPositive();
    }

    /** Such a transaction is in no stream: the slot begins after its commit record, and no snapshot sees it yet. */
    @Test
    void aTransactionThatHangsWhileTheSlotIsCreatedIsNotLost() throws Exception {
        try (Replica replica = Replica.asItIs(pair, SCHEMA)) {
            replica.onBlue("insert into t select i, 'v', 'body' from generate_series(1, 10) as i");
            Connection first = replica.application();
            Connection second = replica.application();
            Connection hanging = replica.application();
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            Statement early = first.createStatement();
            Statement late = second.createStatement();
            early.execute("insert into t values (100, 'early', 'x')");
            List<Throwable> failures = new ArrayList<>();
            Thread connecting = Thread.ofVirtual().start(() -> {
                try {
                    replica.connect();
                } catch (RuntimeException | Error failure) {
                    failures.add(failure);
                }
            });
            String waiting = "select count(*) from pg_locks where locktype = 'transactionid' and not granted";
            Await.until("the slot waits for the first writer", Replica.PATIENCE, () -> locks(waiting) == 1);
            late.execute("insert into t values (101, 'late', 'x')");
            early.close();
            first.commit();
            Await.until("the slot waits for the second writer", Replica.PATIENCE, () -> locks(waiting) == 1);
            pair.blue().set("synchronous_standby_names", "nosuch");
            Thread writer = Thread.ofVirtual().start(() -> {
                try (Statement statement = hanging.createStatement()) {
                    statement.execute("set synchronous_commit = on; insert into t values (102, 'hanging', 'x')");
                } catch (java.sql.SQLException failure) {
                    failures.add(failure);
                }
            });
            Await.until(
                    "the third writer hangs in its commit",
                    Replica.PATIENCE,
                    () -> locks("select count(*) from pg_stat_activity where wait_event = 'SyncRep'") == 1);
            late.execute("set local synchronous_commit = local");
            second.commit();
            Await.until(
                    "the slot exists",
                    Replica.PATIENCE,
                    () -> locks("select count(*) from pg_replication_slots where confirmed_flush_lsn is not null")
                            == 1);
            Await.until(
                    "connecting waits for the third writer, or has ended without",
                    Replica.PATIENCE,
                    () -> !connecting.isAlive()
                            || locks("select count(*) from pg_stat_activity where query like '%pg_sleep(0.02)%' "
                                            + "and pid <> pg_backend_pid()")
                                    == 1);
            if (connecting.isAlive()) {
                pair.blue().reset("synchronous_standby_names");
            }
            connecting.join();
            ApplyLane lane = replica.lane();
            replica.keyRanges(lane).run();
            pair.blue().reset("synchronous_standby_names");
            writer.join();
            for (Connection connection : List.of(first, second, hanging)) {
                connection.close();
            }
            assertThat(failures).isEmpty();
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    private static long locks(String count) throws Exception {
        try (Connection connection = pair.blue().connect("postgres");
                Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery(count)) {
            row.next();
            return row.getLong(1);
        }
    }
}
