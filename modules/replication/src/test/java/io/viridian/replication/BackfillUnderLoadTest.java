package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rows are copied while writers go on; afterwards both sides hold the same rows. */
class BackfillUnderLoadTest {
    private static final String SCHEMA = """
            create table account (id int primary key, balance bigint not null, note text);
            create table history (account int, delta int, at timestamptz default clock_timestamp());
            alter table history replica identity full;
            """;

    @Test
    void keyRangesAreMergedWithTheStream() throws Exception {
        try (Replica replica = Replica.asItIs(ServerPair.shared(14, 18), SCHEMA)) {
            replica.blue.run(
                    session -> session.execute(
                            "insert into account select i, 0, repeat('x', 100) from generate_series(1, 60000) as i; analyze account"));
            migrate(replica, 0, 256 * 1024);
        }
    }

    @Test
    void wholeTablesAreMergedWithTheStream() throws Exception {
        try (Replica replica = Replica.asItIs(ServerPair.shared(15, 17), SCHEMA)) {
            replica.blue.run(
                    session -> session.execute(
                            "insert into account select i, 0, repeat('x', 100) from generate_series(1, 60000) as i; analyze account"));
            migrate(replica, 1L << 30, 256 * 1024);
        }
    }

    private static void migrate(Replica replica, long whole, long chunkBytes) throws Exception {
        replica.connect();
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> write(replica, stop));
        ApplyLane lane = replica.lane();
        replica.backfill(lane, whole, chunkBytes).run();
        stop.set(true);
        writer.join();
        replica.drain(lane);
        for (String table : new String[] {"account", "history"}) {
            String sql = "select coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), 'none') from " + table
                    + " as t";
            assertThat(replica.rows(replica.green, sql)).as(table).isEqualTo(replica.rows(replica.blue, sql));
        }
        assertThat(lane.status().rows()).isPositive();
        lane.stop();
    }

    private static void write(Replica replica, AtomicBoolean stop) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        while (!stop.get()) {
            int one = random.nextInt(60_000) + 1;
            replica.blue.transaction(session -> {
                session.update("update account set balance = balance + 1 where id = ?", one);
                session.update("insert into history (account, delta) values (?, 1)", one);
                if (one % 7 == 0) {
                    session.update("delete from account where id = ?", one + 1);
                }
                if (one % 11 == 0) {
                    session.update("update account set id = id + 1000000 where id = ?", one);
                }
                return true;
            });
        }
    }
}
