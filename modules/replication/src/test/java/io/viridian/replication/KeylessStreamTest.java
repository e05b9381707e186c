package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables without a key, whose rows are a multiset, and partitioned tables. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class KeylessStreamTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    @Parameter
    int blueMajor;

    private Replica replica(String schema) {
        Replica replica = Replica.asItIs(ServerPair.shared(blueMajor, 18), schema);
        replica.connect();
        return replica;
    }

    @Test
    void exactlyOneOfSeveralEqualRowsIsRemoved() throws Exception {
        try (Replica replica = replica(
                "create table t (a int, b text, c char(5), f float8, j json); alter table t replica identity full")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t select 1, 'same', 'x', 0.1, '{\"a\": 1}' from generate_series(1, 5)");
            replica.onBlue(
                    "insert into t values (null, null, null, null, null), (null, null, null, null, null), (2, '', '', '-0', 'null')");
            replica.onBlue("delete from t where ctid = (select ctid from t where a = 1 limit 1)");
            replica.onBlue("update t set b = 'changed' where ctid = (select ctid from t where a = 1 limit 1)");
            replica.onBlue("delete from t where ctid = (select ctid from t where a is null limit 1)");
            replica.onBlue("update t set a = 3 where a = 2");
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select count(*) from t where b = 'same'"))
                    .isEqualTo("3");
        }
    }

    @Test
    void aRowInsertedChangedAndDeletedInOneTransactionLeavesNothing() throws Exception {
        try (Replica replica = replica("create table t (a int, b text); alter table t replica identity full")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("begin; insert into t values (1, 'x'), (1, 'x'); update t set b = 'y' where ctid = '(0,1)'; "
                    + "delete from t where b = 'y'; commit");
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select count(*) from t")).isEqualTo("1");
        }
    }

    @Test
    void largeValuesLeftAloneTravelWithTheOldRow() throws Exception {
        try (Replica replica = replica("create table t (a int, b text); alter table t replica identity full")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t select i, " + LARGE + " from generate_series(1, 3) as i");
            replica.onBlue("update t set a = 10 where a = 1");
            replica.onBlue("delete from t where a = 2");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void rowsMoveBetweenPartitions() throws Exception {
        try (Replica replica = replica("""
                create table t (id int, region text, v int, primary key (id, region)) partition by list (region);
                create table t_north partition of t for values in ('north');
                create table t_south partition of t for values in ('south');
                create table t_rest partition of t default;
                create table log (at int, what text) partition by range (at);
                create table log_low partition of log for values from (0) to (100);
                create table log_high partition of log for values from (100) to (200);
                alter table log replica identity full; alter table log_low replica identity full;
                alter table log_high replica identity full;
                """)) {
            ApplyLane lane = replica.stream();
            replica.onBlue(
                    "insert into t select i, (array['north', 'south', 'west'])[1 + i % 3], i from generate_series(1, 30) as i");
            replica.onBlue(
                    "insert into log select i * 10, 'same' from generate_series(1, 15) as i, generate_series(1, 2)");
            replica.onBlue("update t set region = 'south' where id = 3");
            replica.onBlue("update t set v = v + 1 where id % 2 = 0");
            replica.onBlue("update t_south set v = 99 where id = 4");
            replica.onBlue(
                    "begin; update t set region = 'north', id = 100 where id = 5; update t set v = 7 where id = 100; commit");
            replica.onBlue("delete from t where id = 6");
            replica.onBlue("update log set at = at + 100 where at < 50");
            replica.onBlue(
                    "delete from log where ctid = (select ctid from log where at = 140 limit 1) and tableoid = 'log_high'::regclass");
            replica.drain(lane);
            replica.assertSame("t", "t_north", "t_south", "t_rest", "log", "log_low", "log_high");
            replica.onBlue("truncate t");
            replica.drain(lane);
            replica.assertSame("t", "log");
        }
    }
}
