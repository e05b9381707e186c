package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.MappingSpec;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that change and unique values that are handed from row to row, within a transaction and within a window. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class KeyChangeStreamTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";
    private static final String TABLE = "create table t (id int primary key, u int unique, v text, body text);";

    @Parameter
    int blueMajor;

    private Replica replica(String blueSchema, String greenSchema) {
        Replica replica =
                new Replica(ServerPair.shared(blueMajor, 18), MappingSpec.everythingAsItIs(), blueSchema, greenSchema);
        replica.connect();
        return replica;
    }

    /** Several transactions in one window: the lane starts when all of them wait for it. */
    private void inOneWindow(Replica replica, String... transactions) throws InterruptedException {
        for (String transaction : transactions) {
            replica.onBlue(transaction);
        }
        ApplyLane lane = replica.stream();
        replica.drain(lane);
        lane.stop();
        replica.assertSame("t");
    }

    @Test
    void aKeyChangesWithAndWithoutTouchingTheLargeValue() throws Exception {
        try (Replica replica = replica(TABLE, TABLE)) {
            inOneWindow(replica, "insert into t select i, i, 'v', " + LARGE + " from generate_series(1, 6) as i");
            inOneWindow(
                    replica,
                    "update t set id = 11 where id = 1",
                    "update t set id = 12, body = 'new' where id = 2",
                    "update t set id = 13, v = 'w' where id = 3",
                    "begin; update t set id = 14 where id = 4; update t set v = 'x' where id = 14; commit",
                    "begin; update t set v = 'y' where id = 5; update t set id = 15 where id = 5; commit",
                    "begin; update t set id = 16 where id = 6; delete from t where id = 16; commit");
        }
    }

    @Test
    void keysAreSwappedThroughATemporaryValue() throws Exception {
        try (Replica replica = replica(TABLE, TABLE)) {
            inOneWindow(replica, "insert into t select i, i, 'v' || i, " + LARGE + " from generate_series(1, 3) as i");
            inOneWindow(replica, """
                    begin;
                    update t set id = -1 where id = 1;
                    update t set id = 1 where id = 2;
                    update t set id = 2 where id = -1;
                    commit
                    """);
            inOneWindow(
                    replica,
                    "update t set id = -1 where id = 1",
                    "update t set id = 1 where id = 2",
                    "update t set id = 2 where id = 3",
                    "update t set id = 3 where id = -1");
        }
    }

    @Test
    void aKeyThatWasLeftIsTakenByANewRow() throws Exception {
        try (Replica replica = replica(TABLE, TABLE)) {
            inOneWindow(replica, "insert into t select i, i, 'v' || i, " + LARGE + " from generate_series(1, 3) as i");
            inOneWindow(
                    replica,
                    "update t set id = 10 where id = 1",
                    "insert into t values (1, 100, 'new', 'new')",
                    "begin; delete from t where id = 2; update t set id = 2 where id = 3; commit",
                    "update t set id = 3 where id = 2");
        }
    }

    @Test
    void uniqueValuesGoRoundWithinOneTransaction() throws Exception {
        try (Replica replica = replica(TABLE, TABLE)) {
            inOneWindow(replica, "insert into t select i, i, 'v', " + LARGE + " from generate_series(1, 3) as i");
            inOneWindow(replica, """
                    begin;
                    update t set u = -1 where id = 1;
                    update t set u = 1 where id = 2;
                    update t set u = 2 where id = 3;
                    update t set u = 3 where id = 1;
                    commit
                    """);
        }
    }

    @Test
    void uniqueValuesGoRoundOverSeveralTransactionsOfOneWindow() throws Exception {
        try (Replica replica = replica(TABLE, TABLE)) {
            inOneWindow(replica, "insert into t select i, i, 'v', " + LARGE + " from generate_series(1, 4) as i");
            inOneWindow(
                    replica,
                    "update t set u = -1 where id = 1",
                    "update t set u = 1, v = 'w' where id = 2",
                    "delete from t where id = 3",
                    "insert into t values (5, 3, 'five', 'b')",
                    "update t set u = 2, body = 'x' where id = 1",
                    "update t set u = 40 where id = 4",
                    "insert into t values (6, 4, 'six', 'b')");
        }
    }

    @Test
    void aUniqueValueHandedOverInALaterSliceOfOneTransactionIsReplayed() throws Exception {
        try (Replica replica = replica(TABLE, TABLE)) {
            replica.windowRows = 50;
            inOneWindow(replica, "insert into t select i, i, 'v', 'b' from generate_series(1, 200) as i");
            inOneWindow(replica, """
                    begin;
                    update t set v = 'first slice' where id <= 60;
                    update t set u = -1 where id = 101;
                    update t set u = 101 where id = 102;
                    update t set u = 102 where id = 101;
                    update t set v = 'last slice' where id > 100;
                    commit
                    """);
        }
    }

    @Test
    void anExcludedRangeIsHandedOverWithinAWindow() throws Exception {
        String schema =
                "create table t (id int primary key, during int4range, body text, exclude using gist (during with &&))";
        try (Replica replica = replica(schema, schema)) {
            inOneWindow(
                    replica,
                    "insert into t select i, int4range(i * 10, i * 10 + 10), " + LARGE
                            + " from generate_series(1, 3) as i");
            inOneWindow(
                    replica,
                    "update t set during = '[10,12)' where id = 1",
                    "insert into t values (4, '[12,20)', 'new')",
                    "begin; update t set during = '[90,100)' where id = 2; update t set during = '[20,30)' where id = 3; "
                            + "update t set during = '[30,40)' where id = 2; commit");
        }
    }

    @Test
    void aRowDeletedAndInsertedAgainStartsAnewInColumnsThatNothingFeeds() throws Exception {
        String blue = "create table t (id int primary key, v text);";
        String green = "create table t (id int primary key, v text, extra text default 'default');";
        try (Replica replica = replica(blue, green)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'a'), (2, 'b'), (3, 'c')");
            replica.drain(lane);
            replica.onGreen("update t set extra = 'touched'");
            replica.onBlue("begin; delete from t where id = 1; insert into t values (1, 'again'); commit");
            replica.onBlue("update t set v = 'changed' where id = 2");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select t::text from t order by id"))
                    .containsExactly("(1,again,default)", "(2,changed,touched)", "(3,c,touched)");
        }
    }

    @Test
    void aRowWhoseKeyChangesKeepsWhatNothingFeeds() throws Exception {
        String blue = "create table t (id int primary key, v text);";
        String green = "create table t (id int primary key, v text, extra text default 'default');";
        try (Replica replica = replica(blue, green)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'a'), (2, 'b'), (3, 'c')");
            replica.drain(lane);
            replica.onGreen("update t set extra = 'touched ' || id");
            replica.onBlue("update t set id = 11 where id = 1");
            replica.onBlue("begin; update t set v = 'w' where id = 2; update t set id = 12 where id = 2; "
                    + "update t set id = 22 where id = 12; commit");
            replica.onBlue("begin; update t set id = 13 where id = 3; delete from t where id = 13; "
                    + "insert into t values (3, 'new'); commit");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select t::text from t order by id"))
                    .containsExactly("(3,new,default)", "(11,a,\"touched 1\")", "(22,w,\"touched 2\")");
        }
    }

    @Test
    void aLargeKeyThatAnUpdateLeavesAloneStillNamesItsRow() throws Exception {
        String schema = "create table t (k text primary key, v int, body text);";
        try (Replica replica = replica(schema, schema)) {
            inOneWindow(
                    replica,
                    "insert into t select (select string_agg(md5(random()::text || i || j), '') from generate_series(1, 80) as j), i, "
                            + LARGE + " from generate_series(1, 3) as i");
            inOneWindow(
                    replica,
                    "update t set v = 10 where v = 1",
                    "delete from t where v = 2",
                    "begin; update t set v = 30 where v = 3; update t set v = 31 where v = 30; commit");
        }
    }

    @Test
    void keysThatAreEqualInAnotherNotationAreTheSameRow() throws Exception {
        String schema = "create table t (k numeric primary key, u int unique, v text);";
        try (Replica replica = replica(schema, schema)) {
            inOneWindow(replica, "insert into t values (1.0, 1, 'a'), (2, 2, 'b')");
            inOneWindow(
                    replica,
                    "update t set k = 1.00 where k = 1",
                    "update t set v = 'c' where k = 1",
                    "update t set k = 1.0 where k = 1",
                    "update t set k = 2.000, v = 'd' where k = 2",
                    "delete from t where k = 1");
        }
    }
}
