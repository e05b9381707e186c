package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of change at every moment of a chunk's life, pinned by what happens at the points that the copy passes.
 * The chunk looked at is the middle one of three, [1001, 2001): the one before it is copied, the one after it is ahead.
 */
class BackfillMatrixTest {
    private static final String LARGE =
            "(select string_agg(md5(i::text || g::text), '') from generate_series(1, 300) as g)";

    /** Where in the life of the chunk. */
    enum Moment {
        BEFORE_THE_WINDOW(CrashPoint.BACKFILL_CHUNK_PLANNED, false),
        BEFORE_THE_SNAPSHOT(CrashPoint.BACKFILL_WINDOW_OPENED, false),
        AFTER_THE_SNAPSHOT(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, true),
        BEFORE_THE_MARKER(CrashPoint.BACKFILL_ROWS_COPIED, true),
        AFTER_THE_MARKER(CrashPoint.BACKFILL_MARKER_EMITTED, false),
        AFTER_THE_MERGE(CrashPoint.BACKFILL_AFTER_MERGE_COMMIT, false);

        private final CrashPoint point;
        private final boolean unseen;

        Moment(CrashPoint point, boolean unseen) {
            this.point = point;
            this.unseen = unseen;
        }
    }

    private interface Copy {
        Backfill of(Replica replica, ApplyLane lane);
    }

    /** Answers how often the middle chunk, or the whole table, was read. */
    private static int attempts(Moment moment, Copy copy, int chunksBefore, List<String> transactions)
            throws Exception {
        try (Replica replica =
                Replica.asItIs(ServerPair.shared(14, 18), "create table t (id int primary key, v text, body text)")) {
            replica.workers = 1;
            replica.onBlue("insert into t select i, 'v', case when i % 1000 between 500 and 520 then " + LARGE
                    + " else 'small' end from generate_series(1, 3000) as i where i % 1000 not between 600 and 620");
            replica.onBlue("analyze t");
            replica.connect();
            Script script = new Script();
            for (int chunk = 0; chunk < chunksBefore; chunk++) {
                script.at(moment.point, () -> {});
            }
            script.at(moment.point, () -> transactions.forEach(replica::onBlue));
            replica.failpoints = script;
            ApplyLane lane = replica.lane();
            copy.of(replica, lane).run();
            replica.drain(lane);
            assertThat(script.played()).isTrue();
            replica.assertSame("t");
            assertThat(lane.status().fault()).isEmpty();
            return Integer.parseInt(replica.value(replica.green, "select max(attempt) from viridian.chunk"));
        }
    }

    private static final List<String> WITHIN = List.of(
            "insert into t values (1600, 'inserted', 'small')",
            "insert into t select 1601, 'inserted', " + LARGE + " from generate_series(1, 1) as i",
            "update t set v = 'updated', body = 'new' where id = 1010",
            "update t set v = 'the large value stays' where id = 1500",
            "begin; update t set v = 'once' where id = 1501; update t set v = 'twice' where id = 1501; commit",
            "update t set id = 1602 where id = 1502",
            "begin; update t set id = 1603 where id = 1503; update t set v = 'after the move' where id = 1603; commit",
            "begin; update t set id = -1 where id = 1504; update t set id = 1504 where id = 1505; "
                    + "update t set id = 1505, body = 'carried' where id = -1; commit",
            "delete from t where id = 1011",
            "begin; delete from t where id = 1012; insert into t values (1012, 'again', 'small'); commit",
            "begin; insert into t values (1604, 'not for long', 'x'); delete from t where id = 1604; commit");

    private static final List<String> ACROSS = List.of(
            "update t set id = 1605, body = 'carried from copied' where id = 10",
            "update t set id = 1606, body = 'carried from ahead' where id = 2010",
            "update t set id = 605 where id = 1506",
            "update t set id = 2605 where id = 1507",
            "update t set id = 606, body = 'carried to copied' where id = 1508",
            "update t set id = 2606, body = 'carried to ahead' where id = 1509");

    private static final List<String> INTO = List.of(
            "update t set id = 1607 where id = 501",
            "update t set id = 1608 where id = 2501",
            "update t set v = 'after it came' where id = 1607");

    private static final List<String> TRUNCATE = List.of(
            "update t set v = 'before' where id between 900 and 1100",
            "truncate t",
            "insert into t select i, 'after', 'small' from generate_series(1500, 1600) as i",
            "insert into t values (5, 'after', 'copied space'), (2505, 'after', 'space ahead')",
            "begin; delete from t where id = 1501; update t set v = 'changed' where id = 1502; commit");

    @ParameterizedTest
    @EnumSource(Moment.class)
    void changesWithinAKeyRange(Moment moment) throws Exception {
        assertThat(attempts(moment, Replica::keyRanges, 1, WITHIN)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void rowsThatMoveBetweenCopiedOpenAndAheadSpace(Moment moment) throws Exception {
        assertThat(attempts(moment, Replica::keyRanges, 1, ACROSS)).isGreaterThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void rowsThatComeIntoAKeyRangeWithoutTheirLargeValue(Moment moment) throws Exception {
        int attempts = attempts(moment, Replica::keyRanges, 1, INTO);
        if (moment.unseen) {
            assertThat(attempts).as("the chunk is read again").isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aTruncateInTheMiddleOfKeyRanges(Moment moment) throws Exception {
        int attempts = attempts(moment, Replica::keyRanges, 1, TRUNCATE);
        if (moment.unseen) {
            assertThat(attempts).as("the chunk is read again").isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void changesWithinAWholeTable(Moment moment) throws Exception {
        assertThat(attempts(moment, Replica::wholeTables, 0, WITHIN)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aTruncateOfAWholeTable(Moment moment) throws Exception {
        int attempts = attempts(moment, Replica::wholeTables, 0, TRUNCATE);
        if (moment.unseen) {
            assertThat(attempts).as("the table is read again").isGreaterThan(1);
        }
    }
}
