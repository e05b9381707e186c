package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.viridian.fault.CrashPoint;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.InstalledPostgres;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.TransactionIds;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A load on a server whose 32-bit transaction ids begin anew in the middle of it. */
class TurningIdsTest {
    private static final int VERSION = 15;
    private static final int CHUNKS = 20;
    private static final int WRITES_PER_CHUNK = 40;

    /** What creating databases and tables takes, with room to spare. */
    private static final int ROOM = 5_000;

    private static final String NEXT = "select pg_snapshot_xmax(pg_current_snapshot())::text";

    /** A missing program is a named skip for a user, and a failure in CI. */
    private static InstalledPostgres installed() {
        Optional<InstalledPostgres> found = InstalledPostgres.find(VERSION)
                .filter(one -> one.program("pg_resetwal").isPresent());
        assumeTrue(
                found.isPresent() || "true".equals(System.getenv("CI")),
                "skipped: pg_resetwal of PostgreSQL 15 is not installed (Debian package postgresql-15)");
        return found.orElseThrow();
    }

    private static long next(Replica replica) {
        return Long.parseLong(replica.value(replica.blue, NEXT));
    }

    @Test
    void whatCommitsAroundTheTurnIsNeitherLostNorUndone() throws Exception {
        InstalledPostgres installed = installed();
        try (ServerPair servers = installed.start(Map.of("autovacuum", "off"))) {
            TransactionIds.moveTo(
                    servers.blue(),
                    TransactionIds.TURN - ROOM,
                    installed.program("pg_resetwal").orElseThrow());
            load(servers);
        }
    }

    private static void load(ServerPair pair) throws Exception {
        try (Replica replica = Replica.asItIs(pair, "create table t (id int primary key, v text)");
                Connection straddling = replica.application();
                Statement writes = straddling.createStatement()) {
            replica.onBlue("insert into t select n, 'old' from generate_series(1, " + CHUNKS * 1000 + ") as n");
            replica.workers = 1;
            replica.connect();
            long left = TransactionIds.TURN - next(replica) - (long) CHUNKS * WRITES_PER_CHUNK / 2;
            assertThat(left).isPositive();
            replica.onBlue(
                    "do $$ begin for n in 1.." + left + " loop perform pg_current_xact_id(); commit; end loop; end $$");
            straddling.setAutoCommit(false);
            writes.execute("update t set v = 'straddles' where id % 1000 = 7");
            int[] chunk = {0};
            replica.failpoints = point -> {
                if (point == CrashPoint.BACKFILL_SNAPSHOT_TAKEN) {
                    chunk[0]++;
                    write(replica, chunk[0]);
                    if (chunk[0] == CHUNKS * 3 / 4) {
                        commit(straddling);
                    }
                }
            };
            ApplyLane lane = replica.lane();
            replica.keyRanges(lane).run();
            replica.drain(lane);
            assertThat(next(replica)).isGreaterThan(TransactionIds.TURN);
            assertThat(snapshots(replica, "<"))
                    .as("chunks read before the turn")
                    .isPositive();
            assertThat(snapshots(replica, ">")).as("chunks read after the turn").isPositive();
            assertThat(lane.status().fault()).isEmpty();
            replica.assertSame("t");
        }
    }

    /** Each in a transaction of its own: every other one a row of the chunk being read, behind its snapshot. */
    private static void write(Replica replica, int chunk) {
        for (int write = 0; write < WRITES_PER_CHUNK; write++) {
            int id = write % 2 == 0
                    ? (chunk - 1) * 1000 + write * 23 + 1
                    : (chunk * 7919 + write * 499) % (CHUNKS * 1000) + 1;
            if (id % 1000 != 7) {
                replica.onBlue("update t set v = 'in chunk " + chunk + "' where id = " + id);
            }
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static long snapshots(Replica replica, String side) {
        List<String> found = replica.rows(
                replica.green,
                "select count(*) from viridian.chunk where split_part(snapshot, ':', 2)::numeric " + side + " "
                        + TransactionIds.TURN);
        return Long.parseLong(found.getFirst());
    }
}
