package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.LaneStatus;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both sides change the same rows without having seen each other's changes. */
class ContestedRowsTest {
    private static final String SCHEMA = """
            create table account (id int primary key, owner text, cents bigint not null default 0);
            insert into account select n, 'o' || n, 0 from generate_series(1, 10) n;
            """;

    private BothSides sides;

    @BeforeEach
    void open() {
        sides = BothSides.asItIs(ServerPair.shared(14, 18), SCHEMA);
    }

    @AfterEach
    void close() {
        sides.close();
    }

    private void settles(ConflictPolicy policy, String blue, String green) throws InterruptedException {
        sides.settle(policy, blue, green);
        sides.replica.assertSame("account");
    }

    private String blueRow(int id) {
        return sides.replica.rows(sides.replica.blue, "select account::text from account where id = " + id).stream()
                .findFirst()
                .orElse("none");
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void changesOfDifferentRowsAreLedToTheOtherSideAndNobodyIsAsked(ConflictPolicy policy) throws InterruptedException {
        settles(
                policy,
                "update account set cents = 5 where id = 1; insert into account values (11, 'blue', 1); delete from account where id = 3",
                "update account set cents = 7 where id = 2; insert into account values (12, 'green', 1); delete from account where id = 4");
        assertThat(sides.conflicts()).isEmpty();
        assertThat(blueRow(2)).isEqualTo("(2,o2,7)");
        assertThat(blueRow(12)).isEqualTo("(12,green,1)");
    }

    @Test
    void whatOneSideLeadsToTheOtherDoesNotComeBack() throws InterruptedException {
        settles(
                ConflictPolicy.BLUE_WINS,
                "update account set cents = 5 where id <= 4",
                "update account set cents = 7 where id >= 7");
        sides.drain();
        LaneStatus there = sides.lane(Direction.FORWARD).status();
        LaneStatus back = sides.lane(Direction.REVERSE).status();
        assertThat(there.rows()).isEqualTo(4);
        assertThat(back.rows()).isEqualTo(4);
    }

    @Test
    void ofTwoChangesBluesStays() throws InterruptedException {
        settles(
                ConflictPolicy.BLUE_WINS,
                "update account set cents = 5 where id = 1",
                "update account set cents = 7 where id = 1");
        assertThat(blueRow(1)).isEqualTo("(1,o1,5)");
        assertThat(sides.conflicts()).containsExactly("concurrent-change public.account {1} blue-wins");
        assertThat(sides.replica.value(
                        sides.replica.green,
                        "select blue_row->>'cents' || ' ' || (green_row->>'cents') from viridian.conflict"))
                .isEqualTo("5 7");
    }

    @Test
    void ofTwoChangesGreensStays() throws InterruptedException {
        settles(
                ConflictPolicy.GREEN_WINS,
                "update account set cents = 5 where id = 1",
                "update account set cents = 7 where id = 1");
        assertThat(blueRow(1)).isEqualTo("(1,o1,7)");
        assertThat(sides.conflicts()).containsExactly("concurrent-change public.account {1} green-wins");
    }

    @Test
    void ofTwoChangesTheLaterOneStays() throws InterruptedException {
        settles(
                ConflictPolicy.NEWEST_WINS,
                "update account set cents = 5 where id = 1",
                "update account set cents = 7 where id = 1; update account set cents = 8 where id = 2");
        assertThat(blueRow(1)).isEqualTo("(1,o1,7)");
        sides.replica.onBlue("update account set cents = 100 where id = 2");
        sides.drain();
        sides.replica.assertSame("account");
        assertThat(blueRow(2)).isEqualTo("(2,o2,100)");
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "HALT", mode = EnumSource.Mode.EXCLUDE)
    void ofTwoRowsWithOneKeyOneStays(ConflictPolicy policy) throws InterruptedException {
        settles(policy, "insert into account values (20, 'blue', 1)", "insert into account values (20, 'green', 2)");
        assertThat(sides.conflicts()).singleElement().asString().startsWith("duplicate public.account {20}");
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "HALT", mode = EnumSource.Mode.EXCLUDE)
    void aRowThatOneRemovedAndTheOtherChangedIsThereOrNotOnBothSides(ConflictPolicy policy)
            throws InterruptedException {
        settles(
                policy,
                "delete from account where id = 1; update account set cents = 3 where id = 2",
                "update account set cents = 9 where id = 1; delete from account where id = 2");
        assertThat(sides.conflicts()).hasSize(2).allMatch(one -> one.startsWith("missing-row"));
    }

    @Test
    void aRowThatBothRemovedIsAgreedOn() throws InterruptedException {
        settles(ConflictPolicy.HALT, "delete from account where id = 1", "delete from account where id = 1");
        assertThat(sides.conflicts()).containsExactly("missing-row public.account {1} agreed");
    }

    @Test
    void aRowThatWentAndCameBackUnseenIsFoundOutAlthoughItLooksTheSame() throws InterruptedException {
        sides.replica.onBlue("update account set cents = 5 where id = 1");
        sides.replica.onBlue("update account set cents = 0 where id = 1");
        sides.replica.onGreen("update account set cents = 7 where id = 1");
        sides.replica.onGreen("insert into account values (30, 'x', 0)");
        sides.replica.onGreen("delete from account where id = 30");
        sides.replica.onBlue("insert into account values (30, 'y', 0)");
        sides.lead(ConflictPolicy.BLUE_WINS);
        sides.drain();
        sides.drain();
        sides.replica.assertSame("account");
        assertThat(sides.conflicts()).hasSize(2);
        assertThat(blueRow(1)).isEqualTo("(1,o1,0)");
    }

    @Test
    void aKeyThatChangesIsARowThatGoesAndOneThatComes() throws InterruptedException {
        settles(
                ConflictPolicy.GREEN_WINS,
                "update account set id = 50 where id = 1; update account set cents = 4 where id = 2",
                "update account set cents = 9 where id = 1; insert into account values (50, 'green', 50)");
        assertThat(blueRow(50)).isEqualTo("(50,green,50)");
        assertThat(blueRow(1)).isEqualTo("(1,o1,9)");
        assertThat(blueRow(2)).isEqualTo("(2,o2,4)");
    }

    @Test
    void nothingPassesBeforeAConflictThatNobodyDecides() throws InterruptedException {
        sides.replica.onBlue("update account set cents = 1 where id = 9");
        sides.replica.onBlue("update account set cents = 5 where id = 1");
        sides.replica.onGreen("update account set cents = 7 where id = 1");
        sides.lead(ConflictPolicy.HALT);
        Await.until("a lane stands", Replica.PATIENCE, () -> sides.standing().isPresent());
        assertThat(sides.standing()).hasValueSatisfying(stopped -> {
            assertThat(stopped.code()).isEqualTo(FaultCode.CANARY_CONFLICT);
            assertThat(stopped.object()).isEqualTo("public.account");
            assertThat(stopped.detail())
                    .contains("concurrent-change of row [1]")
                    .contains("\"cents\": 5")
                    .contains("\"cents\": 7");
        });
        assertThat(sides.conflicts()).isEmpty();
        assertThat(blueRow(1)).isEqualTo("(1,o1,5)");
        sides.stop();
        sides.lead(ConflictPolicy.GREEN_WINS);
        sides.drain();
        sides.drain();
        sides.replica.assertSame("account");
        assertThat(blueRow(1)).isEqualTo("(1,o1,7)");
    }

    @Test
    void aSettledRowStaysSettledWhenEverythingBeginsAnew() throws InterruptedException {
        settles(
                ConflictPolicy.GREEN_WINS,
                "update account set cents = 5 where id = 1",
                "update account set cents = 7 where id = 1");
        sides.stop();
        List<String> kept = sides.conflicts();
        sides.lead(ConflictPolicy.BLUE_WINS);
        sides.drain();
        sides.replica.assertSame("account");
        assertThat(blueRow(1)).isEqualTo("(1,o1,7)");
        assertThat(sides.conflicts()).isEqualTo(kept);
    }

    @Test
    void nobodyWritesTheTableOnEitherSideWhileARowIsSettled() throws InterruptedException {
        List<String> answers = new CopyOnWriteArrayList<>();
        sides.failpoints = point -> {
            if (point == CrashPoint.CANARY_BEFORE_SETTLING) {
                for (Side side : Side.values()) {
                    answers.add(side.text() + ": " + answerToAWriter(side));
                }
            }
        };
        settles(
                ConflictPolicy.BLUE_WINS,
                "update account set cents = 5 where id = 1",
                "update account set cents = 7 where id = 1");
        assertThat(answers).containsExactly("blue: 55P03", "green: 55P03");
    }

    private String answerToAWriter(Side side) {
        try {
            sides.on(side)
                    .run(session -> session.execute(
                            "set lock_timeout = '50ms'; update account set owner = 'somebody' where id = 9"));
            return "written";
        } catch (FaultException waited) {
            return waited.fault().sqlState();
        }
    }

    /** Its answer was lost, and its commit is under way: a daemon that looked too early would settle the row again. */
    @Test
    void whatWasSettledIsToldOnceASettlementUnderWayHasEnded() throws Exception {
        try (Session sent = sides.on(Side.GREEN).open("test")) {
            sent.begin();
            sent.execute("""
                    insert into viridian.conflict (migration, target, key, kind, blue_at, green_at, blue_lsn, green_lsn,
                        policy, outcome)
                    values ('%s', 'public.account', '{1}', 'concurrent-change', now(), now(), '0/1', '0/1',
                        'blue-wins', 'blue-wins')
                    """.formatted(Replica.MIGRATION));
            CompletableFuture<Void> asked = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                sides.arbiter.startsAnew();
                asked.complete(null);
            });
            Await.until(
                    "it waits",
                    Replica.PATIENCE,
                    () -> asked.isDone()
                            || !sides.replica
                                    .rows(
                                            sides.replica.green,
                                            "select pid::text from pg_locks where not granted"
                                                    + " and relation = 'viridian.conflict'::regclass")
                                    .isEmpty());
            assertThat(asked).isNotDone();
            sent.commit();
            asked.get(Replica.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void aTransactionOfMoreRowsThanThereIsMemoryForStandsUntilThereIsMore() throws InterruptedException {
        sides.rowsMost = 5;
        sides.replica.onBlue("update account set cents = 5");
        sides.replica.onGreen("insert into account values (40, 'green', 1)");
        sides.lead(ConflictPolicy.BLUE_WINS);
        Await.until("a lane stands", Replica.PATIENCE, () -> sides.standing().isPresent());
        assertThat(sides.standing()).hasValueSatisfying(stopped -> {
            assertThat(stopped.code()).isEqualTo(FaultCode.CANARY_BROKEN);
            assertThat(stopped.detail()).contains("more than 5 rows");
        });
        sides.stop();
        sides.rowsMost = 1000;
        sides.lead(ConflictPolicy.BLUE_WINS);
        sides.drain();
        sides.drain();
        sides.replica.assertSame("account");
        assertThat(blueRow(40)).isEqualTo("(40,green,1)");
    }

    @Test
    void moreConflictsThanAreKeptStopBothLanes() throws InterruptedException {
        sides.conflictsMost = 1;
        sides.replica.onBlue("update account set cents = 5 where id <= 2");
        sides.replica.onGreen("update account set cents = 7 where id <= 2");
        sides.lead(ConflictPolicy.BLUE_WINS);
        Await.until("a lane stands", Replica.PATIENCE, () -> sides.standing().isPresent());
        assertThat(sides.standing().orElseThrow().code()).isEqualTo(FaultCode.CANARY_BROKEN);
        assertThat(sides.conflicts()).isEmpty();
        sides.stop();
        sides.conflictsMost = 10;
        sides.lead(ConflictPolicy.BLUE_WINS);
        sides.drain();
        sides.drain();
        sides.replica.assertSame("account");
        assertThat(sides.conflicts()).hasSize(2);
    }

    @Test
    void rowsAreFoundAndSettledThroughOtherNamesOtherWidthsAndAnotherOrderOfTheKey() throws InterruptedException {
        sides.close();
        sides = new BothSides(
                ServerPair.shared(14, 18),
                Rules.from("items", "product")
                        .column("number", "s.id")
                        .column("class", "s.kind")
                        .column("name", "s.title")
                        .spec(),
                """
                create table items (kind text, id int, title text, primary key (kind, id));
                insert into items select 'k', n, 't' || n from generate_series(1, 5) n;
                """,
                """
                create table product (number bigint, class text, name text, extra text default 'x',
                    primary key (number, class));
                insert into product select n, 'k', 't' || n from generate_series(1, 5) n;
                """);
        sides.replica.onBlue("update items set title = 'blue' where id <= 3");
        sides.replica.onGreen("update product set name = 'green', extra = 'mine' where number in (1, 4)");
        sides.replica.onGreen("delete from product where number = 2");
        sides.replica.onGreen("insert into product values (9, 'k', 'new', 'y')");
        sides.lead(ConflictPolicy.GREEN_WINS);
        sides.drain();
        sides.drain();
        String rows = "select string_agg(%s || ':' || %s, ' ' order by %s) from %s";
        String blue = sides.replica.value(sides.replica.blue, rows.formatted("id", "title", "id", "items"));
        assertThat(blue).isEqualTo("1:green 3:blue 4:green 5:t5 9:new");
        assertThat(sides.replica.value(sides.replica.green, rows.formatted("number", "name", "number", "product")))
                .isEqualTo(blue);
        assertThat(sides.replica.value(sides.replica.green, "select extra from product where number = 1"))
                .isEqualTo("mine");
        assertThat(sides.conflicts())
                .containsExactlyInAnyOrder(
                        "concurrent-change public.items {k,1} green-wins", "missing-row public.items {k,2} green-wins");
    }
}
