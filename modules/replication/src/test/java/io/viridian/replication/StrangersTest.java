package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.NoLeftovers;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else touches what is ours: slot, progress row, rows of the target, messages. Nothing is lost in silence. */
@ExtendWith(NoLeftovers.class)
class StrangersTest {
    private static final String TABLE = "create table t (id int primary key, v text)";

    private static Replica replica() {
        Replica replica = Replica.asItIs(ServerPair.shared(18, 18), TABLE);
        replica.connect();
        return replica;
    }

    /** A lane that has applied a row, and is gone. */
    private static void apply(Replica replica) throws InterruptedException {
        ApplyLane lane = replica.stream();
        replica.onBlue("insert into t values (1, 'applied')");
        replica.drain(lane);
        lane.stop();
        Await.until(
                "the server has noticed",
                Replica.PATIENCE,
                () -> replica.slotState().activePid().isEmpty());
    }

    private static Fault faultOf(ApplyLane lane) throws InterruptedException {
        Await.until(
                "the lane stands still",
                Replica.PATIENCE,
                () -> lane.status().fault().isPresent());
        return lane.status().fault().orElseThrow();
    }

    private static void assertNothingMoreIsApplied(Replica replica) throws InterruptedException {
        replica.onBlue("insert into t values (3, 'behind what is missing')");
        Fault fault = faultOf(replica.stream());
        assertThat(fault.code()).isEqualTo(FaultCode.SLOT_MOVED);
        assertThat(fault.object()).isEqualTo(replica.slot);
        assertThat(fault.detail())
                .contains(
                        "slot " + replica.slot + " begins at ",
                        "the target has the stream up to " + replica.progress() + " only");
        assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
    }

    @Test
    void aSlotThatSomebodyElseAdvancedStopsTheStream() throws Exception {
        try (Replica replica = replica()) {
            apply(replica);
            replica.onBlue("insert into t values (2, 'taken by somebody else')");
            replica.onBlue("select pg_replication_slot_advance('" + replica.slot + "', pg_current_wal_lsn())");
            assertNothingMoreIsApplied(replica);
        }
    }

    @Test
    void aSlotThatSomebodyMadeAnewStopsTheStream() throws Exception {
        try (Replica replica = replica()) {
            apply(replica);
            Slots.drop(replica.blue, replica.slot, Replica.PATIENCE);
            replica.onBlue("insert into t values (2, 'in no slot')");
            replica.blue.query(session -> Slots.create(session, replica.slot));
            assertNothingMoreIsApplied(replica);
        }
    }

    /** As a failover to a standby that was behind: the rows and the progress row are those of earlier. */
    @Test
    void aTargetThatForgotCommitsStopsTheStream() throws Exception {
        try (Replica replica = replica()) {
            apply(replica);
            String earlier = replica.progress().toString();
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (2, 'will be forgotten')");
            replica.drain(lane);
            Await.until(
                    "it is confirmed",
                    Replica.PATIENCE,
                    () -> replica.slotState().confirmed().isAfter(Lsn.parse(earlier)));
            lane.stop();
            replica.onGreen("delete from t where id = 2; update viridian.progress set lsn = '" + earlier + "'");
            assertNothingMoreIsApplied(replica);
        }
    }

    /** What a lane confirmed while it watched lies behind the place from where the switch has it apply. */
    @Test
    void aSlotThatALaneMovedWhileItWatchedIsAsWeLeftIt() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane watching = replica.lane(ChunkLedger.none(), false);
            replica.drain(watching);
            Await.until(
                    "the slot follows",
                    Replica.PATIENCE,
                    () -> replica.slotState().confirmed().isAfter(replica.progress()));
            watching.stop();
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'applied')");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'''1/1''', another database system answers",
        "system || '/9', which does not come from timeline 9",
    })
    void aLogThatDoesNotGoOnFromTheOneThatWasReadStopsTheStream(String before, String told) throws Exception {
        try (Replica replica = replica()) {
            apply(replica);
            replica.onGreen("update viridian.progress set source_log = "
                    + before.replace("system", "split_part(source_log, '/', 1)"));
            replica.onBlue("insert into t values (2, 'in the log of somebody else')");
            Fault fault = faultOf(replica.stream());
            assertThat(fault.code()).isEqualTo(FaultCode.LOG_FORKED);
            assertThat(fault.detail()).contains(told);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    /** The server sends nothing of what is published no more, and does not say so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter publication %s drop table t",
                "alter publication %1$s drop table t; alter publication %1$s add table t",
                "alter publication %s set (publish = 'insert')",
                "alter publication %s rename to taken",
                "drop publication %1$s; create publication %1$s for table t",
                "drop publication %s",
            })
    void aPublicationThatSomebodyChangedStopsTheStreamForGood(String change) throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'applied')");
            replica.drain(lane);
            replica.onBlue(change.formatted(replica.slot));
            Fault fault = faultOf(lane);
            assertThat(fault.code()).isEqualTo(FaultCode.PUBLICATION_CHANGED);
            assertThat(fault.detail()).contains("publication " + replica.slot + " on blue", "may be missing");
            lane.stop();
            assertThat(faultOf(replica.stream()).code()).isEqualTo(FaultCode.PUBLICATION_CHANGED);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    @Test
    void aMarkerWithANonceOfTheirOwnEndsNoWait() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            for (Marker.Kind kind : List.of(Marker.Kind.FENCE, Marker.Kind.REVERSE, Marker.Kind.CHUNK)) {
                replica.onBlue("select pg_logical_emit_message(true, 'viridian', 'test|" + kind + "|forged|1')");
            }
            assertThatThrownBy(() -> lane.awaitMarker("ours", Deadline.after(Clock.system(), Duration.ofMillis(300))))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            late -> assertThat(late.code()).isEqualTo(FaultCode.DRAIN_TIMEOUT));
            replica.onBlue("insert into t values (1, 'goes on')");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void aRowThatIsNotAsTheStreamLeftItStopsTheStream() throws Exception {
        for (String change : List.of(
                "insert into t values (2, 'new on blue')",
                "update t set v = 'changed on blue' where id = 1",
                "delete from t where id = 1")) {
            try (Replica replica = replica()) {
                apply(replica);
                replica.onGreen("delete from t where id = 1; insert into t values (2, 'a stranger''s')");
                ApplyLane lane = replica.stream();
                replica.onBlue(change);
                assertThat(faultOf(lane).code()).as(change).isEqualTo(FaultCode.APPLY_CONFLICT);
                assertThat(replica.rows(replica.green, "select v from t")).containsExactly("a stranger's");
            }
        }
    }

    @Test
    void aDaemonThatWasReplacedCommitsNothing() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane asleep = replica.stream();
            replica.drain(asleep);
            replica.onGreen("update viridian.progress set epoch = 9");
            replica.onBlue("insert into t values (1, 'of the successor')");
            assertThat(faultOf(asleep).code()).isEqualTo(FaultCode.HELD_BY_ANOTHER);
            assertThat(replica.rows(replica.green, "select id from t")).isEmpty();
        }
    }

    /** The lane of the other direction knows our writes by it. */
    @Test
    void whatIsWrittenBearsOurOriginAlsoAfterTheConnectionBroke() throws Exception {
        try (Replica replica = replica()) {
            String slot = "origins_" + replica.greenName;
            replica.green.run(session -> {
                Publications.create(session, slot, replica.plan().readOn(Side.GREEN));
                Slots.create(session, slot);
            });
            try {
                ApplyLane lane = replica.stream();
                replica.onBlue("insert into t values (1, 'before')");
                replica.drain(lane);
                replica.onGreen(
                        "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '% apply'"
                                + " and datname = current_database()");
                replica.onBlue("insert into t values (2, 'after')");
                replica.drain(lane);
                assertThat(kindsOfMessages(replica, slot)).matches("(BORIC)(BOIC)|(BORIC)(BORIC)");
            } finally {
                Slots.drop(replica.green, slot, Replica.PATIENCE);
            }
        }
    }

    /** It would come back as an application's. */
    @Test
    void aTransactionThatWouldNotBearOurOriginIsNotCommitted() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'applied')");
            replica.drain(lane);
            replica.onGreen("""
                    create function lose() returns trigger language plpgsql as
                        'begin perform pg_replication_origin_session_reset(); return new; end';
                    create trigger lose before update on viridian.progress for each row
                        when (new.rows > old.rows) execute function lose();
                    alter table viridian.progress enable always trigger lose
                    """);
            replica.onBlue("insert into t values (2, 'without origin')");
            Fault fault = faultOf(lane);
            assertThat(fault.code()).isEqualTo(FaultCode.GREEN_FAILED);
            assertThat(fault.detail()).contains("would not bear origin " + replica.slot);
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
        }
    }

    /** One letter each: begin, origin, relation, insert, commit. Transactions without rows of the table are empty. */
    private static String kindsOfMessages(Replica replica, String slot) {
        List<String> kinds = replica.rows(
                replica.green,
                "select chr(get_byte(data, 0)) from pg_logical_slot_peek_binary_changes('" + slot
                        + "', null, null, 'proto_version', '1', 'publication_names', '" + slot + "')");
        return kinds.stream().collect(Collectors.joining()).replace("BOC", "").replace("BC", "");
    }
}
