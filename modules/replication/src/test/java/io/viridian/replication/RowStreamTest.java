package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of a table that is copied as it is, through the stream. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class RowStreamTest {
    /** Not compressible, so that it is stored out of line. */
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    @Parameter
    int blueMajor;

    private Replica replica(String schema) {
        Replica replica = Replica.asItIs(ServerPair.shared(blueMajor, 18), schema);
        replica.connect();
        return replica;
    }

    @Test
    void insertsUpdatesDeletesAndTruncatesArrive() throws Exception {
        try (Replica replica = replica("""
                create table t (id int primary key, v text);
                create table other (id int primary key);
                """)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t select i, 'v' || i from generate_series(1, 100) as i");
            replica.onBlue("update t set v = 'w' || id where id % 3 = 0");
            replica.onBlue("delete from t where id % 5 = 0");
            replica.onBlue("insert into other values (1)");
            replica.drain(lane);
            replica.assertSame("t", "other");
            assertThat(replica.value(replica.green, "select count(*) from t")).isEqualTo("80");
            replica.onBlue("truncate t, other");
            replica.drain(lane);
            assertThat(replica.value(replica.green, "select count(*) from t")).isEqualTo("0");
            replica.onBlue(
                    "begin; insert into t values (1, 'before'); truncate t; insert into t values (2, 'after'); commit");
            replica.drain(lane);
            replica.assertSame("t", "other");
        }
    }

    @Test
    void everyCommonTypeArrivesAsItIs() throws Exception {
        try (Replica replica = replica("""
                create type mood as enum ('sad', 'so so', 'happy');
                create domain positive as int check (value > 0);
                create type pair as (a int, b text);
                create table t (id int primary key, b bool, i2 smallint, i8 bigint, f4 real, f8 double precision,
                    n numeric, n2 numeric(20, 4), m money, tx text, vc varchar(20), c char(8), "C" "char", nm name,
                    by bytea, d date, ti time, tz timetz, ts timestamp, tt timestamptz, iv interval, u uuid,
                    ip inet, ci cidr, ma macaddr, js json, jb jsonb, x xml, bi bit(8), vb varbit, r int4range,
                    tr tstzrange, mr int4multirange, p point, pa path, e mood, dom positive, co pair,
                    ia int[], ta text[], ia2 int[][], ea mood[], ja jsonb[], tsv tsvector, l pg_lsn, ra int4range[],
                    reg regclass);
                """)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("""
                    insert into t values (1, true, -32768, 9223372036854775807, 1.1, 0.1::float8 + 0.2::float8,
                        123456789012345678901234567890.123456789, 1.5, 12.34, E'tab\\t new\\n back\\\\ quote'' "dq" {brace} ü 𝄞',
                        'varchar', 'ab', 'x', 'aName', '\\x00ff5c', '2024-02-29', '23:59:59.999999', '12:00+05:30',
                        '294276-12-31 23:59:59', '2024-03-31 02:30:00+00', '1 year 2 mons -3 days 04:05:06.7',
                        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '192.168.1.5/24', '10.0.0.0/8', '08:00:2b:01:02:03',
                        '{"b": 1,  "a": [1, null], "b": 2}', '{"b": 1, "a": [1, null]}', '<a b="c">d</a>', B'10110011',
                        B'101', '[1,5)', '(,2024-01-01 00:00:00+00]', '{[1,3),[5,7)}', '(1.5,-2)', '[(0,0),(1,1)]',
                        'so so', 5, '(1,"x, y")', '{1,NULL,3}', '{"a,b","c\\"d",NULL,"","null"}', '{{1,2},{3,4}}',
                        '{sad,"so so"}', array['{"a":1}'::jsonb, null], 'fat:1A cat:2', '16/B374D848', '{"[1,2)","(,)"}',
                        't');
                    insert into t (id, f4, f8, n, d, ts, tt, tx, ta, jb, by, c) values
                        (2, 'NaN', '-Infinity', 'NaN', 'infinity', '-infinity', '0044-03-15 12:00:00 BC', '', '{}', 'null', '', '');
                    insert into t (id, f8, n) values (3, '-0', '-0.000');
                    insert into t (id, iv, n) values (4, '-1 days +02:03:00', '1e-20');
                    insert into t (id) values (5)
                    """);
            replica.onBlue("update t set tx = null, ta = null, e = null where id = 1");
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select count(*) from t")).isEqualTo("5");
        }
    }

    @Test
    void largeValuesThatAnUpdateLeavesAloneStayOnGreen() throws Exception {
        try (Replica replica = replica("create table t (id int primary key, small int, body text, other text)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t select i, i, " + LARGE + ", " + LARGE + " from generate_series(1, 5) as i");
            replica.onBlue("update t set small = 10 where id = 1");
            replica.drain(lane);
            replica.assertSame("t");
            replica.onBlue("update t set small = 20");
            replica.onBlue("update t set body = 'short' where id = 2");
            replica.onBlue(
                    "begin; update t set small = 30 where id = 3; update t set body = null where id = 3; commit");
            replica.onBlue("begin; update t set other = " + LARGE
                    + " where id = 4; update t set small = 1 where id = 4; commit");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void aRowInsertedAndThenUpdatedInOneTransactionKeepsItsLargeValue() throws Exception {
        try (Replica replica = replica("create table t (id int primary key, small int, body text)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("begin; insert into t values (1, 1, " + LARGE
                    + "); update t set small = 2; update t set small = 3; commit");
            replica.onBlue(
                    "begin; update t set small = 4; delete from t; insert into t values (1, 5, " + LARGE + "); commit");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void rollbacksAndSavepointRollbacksLeaveNothing() throws Exception {
        try (Replica replica = replica("create table t (id int primary key, v text)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("begin; insert into t values (1, 'gone'); rollback");
            replica.onBlue("""
                    begin;
                    insert into t values (2, 'kept');
                    savepoint a;
                    update t set v = 'gone a' where id = 2;
                    savepoint b;
                    insert into t values (3, 'gone b');
                    savepoint c;
                    insert into t values (4, 'gone c');
                    rollback to c;
                    insert into t values (5, 'gone with b');
                    rollback to b;
                    insert into t values (6, 'kept');
                    release b;
                    rollback to a;
                    insert into t values (7, 'kept too');
                    commit
                    """);
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.rows(replica.green, "select id from t order by 1"))
                    .containsExactly("2", "7");
        }
    }

    @Test
    void aPreparedTransactionArrivesWhenItIsCommitted() throws Exception {
        try (Replica replica = replica("create table t (id int primary key, v text)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue(
                    "begin; insert into t values (1, 'prepared'); prepare transaction 'p-" + replica.blueName + "'");
            replica.onBlue("insert into t values (2, 'plain')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("2");
            replica.onBlue("commit prepared 'p-" + replica.blueName + "'");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void namesThatNeedQuotingAreNoTrouble() throws Exception {
        try (Replica replica = replica("""
                create schema "Wéird ""S"".x";
                create table "Wéird ""S"".x"."Select" ("Id" int, "user" text, "a.b" text, "$1" text, primary key ("Id", "user"));
                """)) {
            ApplyLane lane = replica.stream();
            String table = "\"Wéird \"\"S\"\".x\".\"Select\"";
            replica.onBlue("insert into " + table + " values (1, 'u', 'x', 'y'), (2, 'v', null, '?')");
            replica.onBlue("update " + table + " set \"a.b\" = 'z', \"user\" = 'w' where \"Id\" = 2");
            replica.onBlue("delete from " + table + " where \"Id\" = 1");
            replica.drain(lane);
            replica.assertSame(table);
        }
    }
}
