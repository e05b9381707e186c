package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.feed.Marker;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.Markers;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.NoLeftovers;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What others may ask of a lane: markers, modes, holds, and what it leaves alone. */
@ExtendWith(NoLeftovers.class)
class LaneTest {
    private static final String TABLE = "create table t (id int primary key, v text)";

    private static Replica replica() {
        Replica replica = Replica.asItIs(ServerPair.shared(18, 18), TABLE);
        replica.connect();
        return replica;
    }

    private static Deadline in(Duration duration) {
        return Deadline.after(Clock.system(), duration);
    }

    @Test
    void messagesOfOthersAreIgnored() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("""
                    insert into t values (1, 'a');
                    select pg_logical_emit_message(true, 'viridian', 'what is this?');
                    select pg_logical_emit_message(true, 'viridian', 'test|DANCE|x|1');
                    select pg_logical_emit_message(true, 'viridian', 'test|FENCE|x|tomorrow');
                    select pg_logical_emit_message(true, 'viridian', 'other|DDL|alter table|1');
                    select pg_logical_emit_message(true, 'viridian', '');
                    select pg_logical_emit_message(true, 'viridian.hw', 'test|DDL|alter table|1');
                    select pg_logical_emit_message(true, 'somebody', 'test|DDL|alter table|1');
                    select pg_logical_emit_message(false, 'viridian', 'test|DDL|alter table|1');
                    select pg_logical_emit_message(true, 'viridian', repeat('|', 1000000));
                    """);
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void aMessageOfAnAbortedTransactionIsNoMarker() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue(
                    "begin; select pg_logical_emit_message(true, 'viridian', 'test|DDL|drop table|1'); rollback");
            replica.drain(lane);
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void ddlStopsTheStreamBeforeItsTransaction() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'before')");
            replica.drain(lane);
            replica.onBlue("begin; insert into t values (2, 'with it'); "
                    + "select pg_logical_emit_message(true, 'viridian', 'test|DDL|alter table|1'); commit");
            replica.onBlue("insert into t values (3, 'after')");
            Await.until(
                    "the lane stands still",
                    Replica.PATIENCE,
                    () -> lane.status().fault().isPresent());
            assertThat(lane.status().fault().orElseThrow().code()).isEqualTo(FaultCode.SCHEMA_CHANGED);
            assertThat(lane.status().fault().orElseThrow().detail()).contains("alter table");
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    /** A copy that needs the lane fails for the lane's reason, not because somebody stopped it. */
    @Test
    void whoAsksALaneThatStandsStillHearsWhy() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("begin; insert into t values (2, 'with it'); "
                    + "select pg_logical_emit_message(true, 'viridian', 'test|DDL|alter table|1'); commit");
            Await.until(
                    "the lane stands still",
                    Replica.PATIENCE,
                    () -> lane.status().fault().isPresent());
            ChunkRange whole = ChunkRange.wholeTable(TableName.parse("public.t"));
            assertThatThrownBy(() -> lane.openWindow(whole, Replica.PATIENCE))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            refused -> assertThat(refused.code()).isEqualTo(FaultCode.SCHEMA_CHANGED));
        }
    }

    @Test
    void aTableThatIsNotAsThePlanKnowsItStopsTheStream() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'before')");
            replica.drain(lane);
            replica.onBlue("alter table t add extra int; insert into t values (2, 'new shape', 2)");
            Await.until(
                    "the lane stands still",
                    Replica.PATIENCE,
                    () -> lane.status().fault().isPresent());
            assertThat(lane.status().fault().orElseThrow().code()).isEqualTo(FaultCode.SCHEMA_CHANGED);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    @Test
    void anotherReplicaIdentityOrTypeThanThePlanKnowsStopsTheStream() throws Exception {
        for (String change : new String[] {
            "alter table t replica identity full",
            "alter table t replica identity using index other",
            "alter table t replica identity nothing",
            "alter table t alter n type bigint",
            "alter table t alter n type text"
        }) {
            try (Replica replica = Replica.asItIs(
                    ServerPair.shared(18, 18),
                    "create table t (id int primary key, v text, n int not null); create unique index other on t (n)")) {
                replica.connect();
                ApplyLane lane = replica.stream();
                replica.onBlue("insert into t values (1, 'before', 1)");
                replica.drain(lane);
                replica.onBlue(change);
                replica.onBlue("insert into t values (2, 'after', 2)");
                Await.until(
                        "the lane stands still after " + change,
                        Replica.PATIENCE,
                        () -> lane.status().fault().isPresent());
                assertThat(lane.status().fault().orElseThrow().code())
                        .as(change)
                        .isEqualTo(FaultCode.SCHEMA_CHANGED);
                assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
            }
        }
    }

    @Test
    void whatTheOtherDirectionWroteIsNotAppliedAgain() throws Exception {
        try (Replica replica = replica()) {
            String reverse = LaneSettings.originOf(Replica.MIGRATION, io.viridian.plan.Direction.REVERSE);
            replica.onBlue(
                    "select pg_replication_origin_create('" + reverse + "'), pg_replication_origin_create('foreign')");
            try {
                ApplyLane lane = replica.stream();
                try (Connection session = replica.application();
                        Statement statement = session.createStatement()) {
                    statement.execute("select pg_replication_origin_session_setup('" + reverse + "')");
                    statement.execute("insert into t values (1, 'came from green')");
                    statement.execute("select pg_replication_origin_session_reset()");
                    statement.execute("insert into t values (2, 'written here')");
                    statement.execute("select pg_replication_origin_session_setup('foreign')");
                    statement.execute("insert into t values (3, 'from another subscription')");
                }
                replica.drain(lane);
                assertThat(replica.rows(replica.green, "select id from t order by id"))
                        .containsExactly("2", "3");
            } finally {
                replica.onBlue(
                        "select pg_replication_origin_drop('" + reverse + "'), pg_replication_origin_drop('foreign')");
            }
        }
    }

    @Test
    void aWatchingLaneCountsWritesThatAreNotOursAndAppliesNothing() throws Exception {
        try (Replica replica = replica()) {
            String reverse = LaneSettings.originOf(Replica.MIGRATION, io.viridian.plan.Direction.REVERSE);
            replica.onBlue("select pg_replication_origin_create('" + reverse + "')");
            try (Connection session = replica.application();
                    Statement statement = session.createStatement()) {
                ApplyLane lane = replica.lane(ChunkLedger.none(), false);
                replica.drain(lane);
                assertThat(lane.status().foreign()).isZero();
                replica.onBlue("insert into t values (1, 'a'), (2, 'b')");
                replica.onBlue("begin; select 1; commit");
                replica.onBlue("update t set v = 'c'");
                statement.execute("select pg_replication_origin_session_setup('" + reverse + "')");
                statement.execute("insert into t values (9, 'ours')");
                statement.execute("select pg_replication_origin_session_reset()");
                replica.drain(lane);
                assertThat(lane.status().foreign()).isEqualTo(2);
                assertThat(lane.status().applying()).isFalse();
                assertThat(replica.rows(replica.green, "select id from t")).isEmpty();
                Await.until(
                        "the slot follows a lane that only watches",
                        Replica.PATIENCE,
                        () -> !replica.slotState()
                                .confirmed()
                                .isBefore(lane.status().applied()));
            } finally {
                replica.onBlue("select pg_replication_origin_drop('" + reverse + "')");
            }
        }
    }

    @Test
    void aLaneThatWatchesWaitsForOthersUnlessSomebodyWaitsForIt() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            replica.drain(lane);
            replica.yields = true;
            Await.until("the lane has been told", Replica.PATIENCE, () -> asked(replica, 3));
            replica.onBlue("insert into t values (1, 'not seen yet')");
            Await.until("the lane could have read it", Replica.PATIENCE, () -> asked(replica, 30));
            assertThat(lane.status().foreign()).isZero();
            replica.drain(lane);
            assertThat(lane.status().foreign()).isEqualTo(1);
            replica.onBlue("insert into t values (2, 'not seen yet')");
            replica.yields = false;
            Await.until(
                    "the lane goes on", Replica.PATIENCE, () -> lane.status().foreign() == 2);
        }
    }

    @Test
    void aLaneThatWatchesAndWaitsLeavesTheStreamToItsSource() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            replica.drain(lane);
            replica.yields = true;
            Await.until("what was being read is read", Replica.PATIENCE, () -> asked(replica, 30));
            Lsn before = replica.blue.query(io.viridian.postgres.slot.Slots::currentWal);
            replica.onBlue("insert into t values (1, 'waits at its source')");
            Await.until("it was sent", Replica.PATIENCE, () -> sent(replica).isAfter(before));
            Await.until("the lane could have read it", Replica.PATIENCE, () -> asked(replica, 30));
            assertThat(lane.status().queuedBytes()).isZero();
            replica.drain(lane);
            assertThat(lane.status().foreign()).isEqualTo(1);
        }
    }

    private static Lsn sent(Replica replica) {
        return replica.blue.query(session -> session.one(
                "select coalesce(min(sent_lsn), '0/0') from pg_stat_replication where pid in (select active_pid"
                        + " from pg_replication_slots where slot_name = '" + replica.slot + "')",
                row -> Lsn.parse(row.text(1))));
    }

    /** Whether the lane has asked so often since this was last true. */
    private static boolean asked(Replica replica, int times) {
        boolean enough = replica.askedWhetherToYield.get() >= times;
        if (enough) {
            replica.askedWhetherToYield.set(0);
        }
        return enough;
    }

    @Test
    void aLaneChangesItsModeInPlace() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            replica.onBlue("insert into t values (1, 'watched')");
            replica.drain(lane);
            Lsn from = replica.blue.query(io.viridian.postgres.slot.Slots::currentWal);
            lane.apply(from);
            Await.until("the lane applies", Replica.PATIENCE, lane::settled);
            replica.onBlue("insert into t values (2, 'applied')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("2");
            lane.watch();
            Await.until("the lane watches", Replica.PATIENCE, lane::settled);
            replica.onBlue("insert into t values (3, 'watched')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("2");
            assertThat(lane.status().foreign()).isEqualTo(2);
            lane.apply(replica.blue.query(io.viridian.postgres.slot.Slots::currentWal));
            Await.until("the lane applies again", Replica.PATIENCE, lane::settled);
            replica.onBlue("insert into t values (4, 'applied')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t order by id"))
                    .containsExactly("2", "4");
        }
    }

    @Test
    void aLaneThatHasMadeReadyAppliesWithThatSessionAndAsOfTheSwitch() throws Exception {
        try (Replica replica = replica()) {
            replica.onGreen("""
                    create function only_now() returns trigger language plpgsql as $$ begin
                        if current_setting('viridian.token', true) is distinct from 'test:2' then
                            raise exception 'closed for %', current_setting('viridian.token', true);
                        end if;
                        return new;
                    end $$;
                    create trigger only_now before insert on t for each row execute function only_now();
                    alter table t enable always trigger only_now""");
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            replica.drain(lane);
            assertThat(writers(replica)).isEmpty();
            lane.prepareToApply();
            Await.until(
                    "the lane has connected",
                    Replica.PATIENCE,
                    () -> writers(replica).size() == 1);
            List<String> prepared = writers(replica);
            replica.drain(lane);
            assertThat(lane.status().applying()).isFalse();
            replica.onGreen("update viridian.ownership set epoch = 2");
            lane.apply(replica.blue.query(io.viridian.postgres.slot.Slots::currentWal));
            Await.until("the lane applies", Replica.PATIENCE, lane::settled);
            replica.onBlue("insert into t values (1, 'applied')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
            assertThat(writers(replica)).isEqualTo(prepared);
        }
    }

    @Test
    void aLaneWhoseReadySessionWasEndedConnectsAnew() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            lane.prepareToApply();
            Await.until(
                    "the lane has connected",
                    Replica.PATIENCE,
                    () -> writers(replica).size() == 1);
            replica.onGreen(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '% apply'"
                            + " and datname = current_database()");
            lane.apply(replica.blue.query(io.viridian.postgres.slot.Slots::currentWal));
            Await.until("the lane applies", Replica.PATIENCE, lane::settled);
            replica.onBlue("insert into t values (1, 'applied')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    /** The process ids of sessions that write rows on green. */
    private static List<String> writers(Replica replica) {
        return replica.rows(
                replica.green,
                "select pid from pg_stat_activity where application_name like '% apply'"
                        + " and datname = current_database()");
    }

    /**
     * The caller opens the source only when the lane has turned; a write that came before must not get lost in silence.
     */
    @Test
    void aTransactionThatWasOnlyWatchedStopsTheLaneThatShouldApplyIt() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            replica.drain(lane);
            Lsn from = replica.blue.query(io.viridian.postgres.slot.Slots::currentWal);
            replica.onBlue("insert into t values (1, 'too early')");
            replica.drain(lane);
            Await.until(
                    "the lane has let go of it",
                    Replica.PATIENCE,
                    () -> replica.slotState().confirmed().isAfter(from));
            replica.drain(lane);
            lane.apply(from);
            Await.until(
                    "the lane stands still",
                    Replica.PATIENCE,
                    () -> lane.status().fault().isPresent());
            assertThat(lane.status().fault().orElseThrow().code()).isEqualTo(FaultCode.SLOT_MOVED);
            assertThat(lane.status().fault().orElseThrow().detail()).contains("was only watched");
        }
    }

    @Test
    void theModeAskedForLastCounts() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.lane(ChunkLedger.none(), false);
            for (int round = 0; round < 200; round++) {
                lane.watch();
                lane.apply(Lsn.ZERO);
            }
            Await.until("the lane settled", Replica.PATIENCE, lane::settled);
            replica.onBlue("insert into t values (1, 'applied')");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    @Test
    void aMarkerIsSeenWhenAllBeforeItIsCommitted() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            for (int round = 1; round <= 50; round++) {
                replica.onBlue("insert into t values (" + round + ", 'x')");
                String nonce = Markers.emit(replica.blue, Replica.MIGRATION, Marker.Kind.FENCE, Clock.system());
                Lsn position = lane.awaitMarker(nonce, in(Replica.PATIENCE));
                assertThat(replica.value(replica.green, "select count(*) from t"))
                        .isEqualTo("" + round);
                assertThat(replica.progress()).isGreaterThan(position);
            }
            assertThatThrownBy(() -> lane.awaitMarker("never emitted", in(Duration.ofMillis(100))))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            late -> assertThat(late.code()).isEqualTo(FaultCode.DRAIN_TIMEOUT));
        }
    }

    @Test
    void whoWaitsForAMarkerHearsThatTheLaneIsStopped() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.drain(lane);
            Thread stopper = Thread.ofPlatform().start(() -> {
                try {
                    lane.stop();
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            });
            Instant before = Instant.now();
            assertThatThrownBy(() -> lane.awaitMarker("never emitted", in(Replica.PATIENCE)))
                    .isInstanceOf(FaultException.class);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(15));
            stopper.join();
        }
    }

    @Test
    void lagIsToldByTheNewestHeartbeat() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            Instant before = Instant.now().minusMillis(1);
            Markers.emit(replica.blue, Replica.MIGRATION, Marker.Kind.HEARTBEAT, Clock.system());
            replica.drain(lane);
            assertThat(lane.status().lastMarkerEmitted().orElseThrow()).isAfter(before);
            assertThat(lane.status().applied()).isEqualTo(replica.progress());
        }
    }

    @Test
    void touchedKeysAreThoseSinceTheLastForgetting() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'a'), (2, 'b')");
            replica.drain(lane);
            assertThat(lane.touched())
                    .as("before the first verification nothing is known")
                    .isEmpty();
            lane.markTouched();
            lane.forgetMarked();
            replica.onBlue("update t set v = 'c' where id = 1");
            replica.onBlue("update t set id = 20 where id = 2");
            replica.onBlue("insert into t values (3, 'd')");
            replica.onBlue("delete from t where id = 3");
            replica.drain(lane);
            assertThat(lane.touched().orElseThrow().get(new TableName("public", "t")))
                    .extracting(key -> String.join(",", key))
                    .containsExactlyInAnyOrder("1", "2", "20", "3");
            assertThat(lane.touchedKeys()).hasValue(4);
            Map<TableName, List<List<String>>> taken = lane.takeTouched().orElseThrow();
            assertThat(lane.touchedKeys()).hasValue(0);
            replica.onBlue("insert into t values (4, 'e')");
            replica.drain(lane);
            lane.touch(taken);
            assertThat(lane.touchedKeys())
                    .as("what was taken and given back, and what came since")
                    .hasValue(5);
            replica.onBlue("truncate t");
            replica.drain(lane);
            assertThat(lane.touched()).as("a truncate touches every key").isEmpty();
            lane.touch(taken);
            assertThat(lane.touchedKeys()).as("what is unknown stays so").isEmpty();
        }
    }

    @Test
    void whatWasTouchedBeforeTheMarkStaysToBeComparedUntilAllOfItIsProven() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            lane.markTouched();
            replica.onBlue("insert into t values (1, 'a')");
            replica.drain(lane);
            assertThat(lane.touched()).as("nothing is proven yet").isEmpty();
            lane.forgetMarked();
            assertThat(touched(lane)).as("proven as of the mark").containsExactly("1");

            lane.markTouched();
            replica.onBlue("insert into t values (2, 'b'); update t set v = 'c' where id = 1");
            replica.drain(lane);
            lane.markTouched();
            replica.onBlue("insert into t values (3, 'd')");
            replica.drain(lane);
            assertThat(touched(lane))
                    .as("the first comparison came to no result")
                    .containsExactlyInAnyOrder("1", "2", "3");
            lane.forgetMarked();
            assertThat(touched(lane)).as("the second did").containsExactly("3");
        }
    }

    private static List<String> touched(ApplyLane lane) {
        return lane.touched().orElseThrow().get(new TableName("public", "t")).stream()
                .map(key -> String.join(",", key))
                .toList();
    }

    @Test
    void aLaneHeldByOneIsNotReleasedByTheOther() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.drain(lane);
            Deadline soon = in(Duration.ofSeconds(2));
            Lane.Hold forgotten = lane.hold(soon);
            Await.until("the first hold has ended by itself", Replica.PATIENCE, soon::expired);
            Lane.Hold second = lane.hold(in(Replica.PATIENCE));
            forgotten.close();
            replica.onBlue("insert into t values (1, 'a')");
            Lsn now = replica.blue.query(io.viridian.postgres.slot.Slots::currentWal);
            assertThatThrownBy(() -> forgotten.applyBefore(now, in(Duration.ofSeconds(2))))
                    .isInstanceOf(FaultException.class);
            assertThat(replica.rows(replica.green, "select id from t"))
                    .as("the second hold still holds")
                    .isEmpty();
            second.applyBefore(now, in(Replica.PATIENCE));
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
            second.close();
        }
    }

    @Test
    void aSecondHoldWaitsForTheFirst() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.drain(lane);
            Lane.Hold first = lane.hold(in(Replica.PATIENCE));
            assertThatThrownBy(() -> lane.hold(in(Duration.ofMillis(100))))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            late -> assertThat(late.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED));
            first.close();
            lane.hold(in(Replica.PATIENCE)).close();
            replica.onBlue("insert into t values (1, 'a')");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }
}
