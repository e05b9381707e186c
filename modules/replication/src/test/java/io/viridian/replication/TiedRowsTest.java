package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Foreign keys between tables that both sides write: a row that one removes is one that the other refers to. */
class TiedRowsTest {
    private static final String SCHEMA = """
            create table region (id int primary key, name text);
            create table holder (id int primary key, region int references region on delete cascade, name text);
            create table thing (id int primary key, holder int references holder, label text);
            create table note (id int primary key, thing int references thing on delete set null
                deferrable initially deferred, above int references note, label text);
            insert into region select n, 'r' || n from generate_series(1, 4) n;
            insert into holder select n, 1 + n % 4, 'h' || n from generate_series(1, 8) n;
            insert into thing select n, 1 + n % 4, 't' || n from generate_series(1, 8) n;
            insert into note select n, n, nullif(n - 1, 0), 'n' || n from generate_series(1, 8) n;
            """;

    private static final String[] TABLES = {"region", "holder", "thing", "note"};

    private static final String TORN = """
            select 'holder ' || c.id from holder c left join region p on p.id = c.region where c.region is not null and p.id is null
            union all
            select 'thing ' || c.id from thing c left join holder p on p.id = c.holder where c.holder is not null and p.id is null
            union all
            select 'note ' || c.id from note c left join thing p on p.id = c.thing where c.thing is not null and p.id is null
            union all
            select 'above ' || c.id from note c left join note p on p.id = c.above where c.above is not null and p.id is null
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
        assertWhole();
    }

    private void assertWhole() {
        sides.replica.assertSame(TABLES);
        for (Side side : Side.values()) {
            assertThat(sides.replica.rows(sides.on(side), TORN))
                    .as("rows of " + side + " that refer to nothing")
                    .isEmpty();
        }
    }

    private boolean there(String table, int id) {
        return !sides.replica
                .rows(sides.replica.blue, "select 'x' from %s where id = %d".formatted(table, id))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void rowsThatReferToWhatBothSidesHaveAskNobody(ConflictPolicy policy) throws InterruptedException {
        settles(
                policy,
                "insert into holder values (20, 1, 'blue'); insert into thing values (20, 20, 'blue');"
                        + " delete from note where id = 8",
                "insert into thing values (30, 1, 'green'); update thing set holder = 3 where id = 2;"
                        + " insert into note values (30, 30, 7, 'green')");
        assertThat(sides.conflicts()).isEmpty();
        assertThat(there("note", 30)).isTrue();
    }

    @Test
    void whereBlueWinsARowGoesWithTheOneThatBlueRemoved() throws InterruptedException {
        settles(
                ConflictPolicy.BLUE_WINS,
                "delete from holder where id = 7",
                "insert into thing values (20, 7, 'green'); insert into note values (20, 20, null, 'of a thing')");
        assertThat(there("holder", 7)).isFalse();
        assertThat(there("thing", 20)).isFalse();
        assertThat(there("note", 20)).isFalse();
        assertThat(sides.conflicts())
                .containsExactlyInAnyOrder(
                        "orphan public.thing {20} blue-wins",
                        "orphan public.holder {7} blue-wins",
                        "orphan public.note {20} blue-wins");
        assertThat(sides.replica.value(
                        sides.replica.green,
                        "select (blue_row is null) || ' ' || (green_row->>'label') from viridian.conflict"
                                + " where target = 'public.thing'"))
                .isEqualTo("true green");
    }

    @Test
    void whereGreenWinsWhatBlueRemovedComesBackWithAllThatItRefersTo() throws InterruptedException {
        settles(
                ConflictPolicy.GREEN_WINS,
                "update holder set region = 4 where region = 3; update thing set holder = null where holder = 8;"
                        + " delete from holder where id = 8; delete from region where id = 3",
                "insert into thing values (20, 8, 'green'); update holder set region = 3 where id = 8");
        assertThat(there("holder", 8)).isTrue();
        assertThat(there("region", 3)).isTrue();
        assertThat(there("thing", 20)).isTrue();
        assertThat(sides.conflicts())
                .contains("missing-row public.holder {8} green-wins", "orphan public.region {3} green-wins");
    }

    @Test
    void theLaterOfTheTwoDecidesAboutBoth() throws InterruptedException {
        settles(
                ConflictPolicy.NEWEST_WINS,
                "delete from holder where id = 7",
                "insert into thing values (20, 7, 'green')");
        assertThat(there("holder", 7)).isTrue();
        assertThat(there("thing", 20)).isTrue();
        sides.stop();
        sides.replica.onGreen("insert into thing values (21, 6, 'green')");
        sides.replica.onBlue("delete from holder where id = 6");
        sides.lead(ConflictPolicy.NEWEST_WINS);
        sides.drain();
        sides.drain();
        assertWhole();
        assertThat(there("holder", 6)).isFalse();
        assertThat(there("thing", 21)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "HALT", mode = EnumSource.Mode.EXCLUDE)
    void whatACascadeRemovedOnOneSideIsWholeOnBoth(ConflictPolicy policy) throws InterruptedException {
        settles(
                policy,
                "update thing set holder = null where holder in (select id from holder where region = 2);"
                        + " delete from region where id = 2",
                "insert into holder values (20, 2, 'green'); insert into thing values (20, 20, 'green'),"
                        + " (21, 5, 'green')");
        assertThat(sides.conflicts()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "HALT", mode = EnumSource.Mode.EXCLUDE)
    void aRowThatIsPointedElsewhereWhileItsNewPlaceGoes(ConflictPolicy policy) throws InterruptedException {
        settles(
                policy,
                "update thing set holder = 7 where id = 1; update thing set holder = null where holder = 2;"
                        + " delete from holder where id = 2",
                "delete from holder where id = 7; update thing set holder = 2 where id in (3, 4)");
        assertThat(sides.conflicts()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "HALT", mode = EnumSource.Mode.EXCLUDE)
    void aTreeInOneTableStaysWhole(ConflictPolicy policy) throws InterruptedException {
        settles(
                policy,
                "update note set above = null where above in (4, 5); delete from note where id in (4, 5)",
                "insert into note values (20, null, 5, 'a'), (21, null, 20, 'b'); update note set label = 'x' where id = 4");
        assertThat(sides.conflicts()).isNotEmpty();
    }

    @Test
    void aRowThatCameAndWentWithoutItsPlaceIsAgreedOn() throws InterruptedException {
        sides.replica.windowRows = 1;
        sides.replica.onBlue("insert into thing values (20, 7, 'blue')");
        sides.replica.onBlue("delete from thing where id = 20");
        settles(ConflictPolicy.HALT, "select 1", "delete from holder where id = 7");
        assertThat(there("thing", 20)).isFalse();
        assertThat(there("holder", 7)).isFalse();
    }

    @Test
    void nothingPassesBeforeOneThatNobodyDecides() throws InterruptedException {
        sides.replica.onBlue("delete from holder where id = 7");
        sides.replica.onGreen("insert into thing values (20, 7, 'green')");
        sides.lead(ConflictPolicy.HALT);
        Await.until("a lane stands", Replica.PATIENCE, () -> sides.standing().isPresent());
        assertThat(sides.standing()).hasValueSatisfying(stopped -> {
            assertThat(stopped.code()).isEqualTo(FaultCode.CANARY_CONFLICT);
            assertThat(stopped.object()).isEqualTo("public.thing");
            assertThat(stopped.detail())
                    .contains("orphan: row [20] of public.thing refers (thing_holder_fkey) to row [7] of public.holder")
                    .contains("blue has no such row and no such row")
                    .contains("\"label\": \"green\"", "\"name\": \"h7\"");
        });
        assertThat(sides.conflicts()).isEmpty();
        assertThat(sides.replica.rows(sides.replica.blue, TORN)).isEmpty();
        assertThat(sides.replica.rows(sides.replica.green, TORN)).isEmpty();
        sides.stop();
        sides.lead(ConflictPolicy.GREEN_WINS);
        sides.drain();
        sides.drain();
        assertWhole();
        assertThat(there("thing", 20)).isTrue();
    }

    @Test
    void whatARowRefersToIsHeldUntilItIsCommitted() throws InterruptedException {
        AtomicInteger held = new AtomicInteger();
        sides.failpoints = point -> {
            if (point == CrashPoint.STREAM_BEFORE_WINDOW_COMMIT) {
                try {
                    sides.replica.onGreen("select 1 from holder where id = 7 for update nowait");
                } catch (FaultException locked) {
                    assertThat(locked.fault().sqlState()).isEqualTo("55P03");
                    held.incrementAndGet();
                }
            }
        };
        settles(ConflictPolicy.HALT, "update thing set label = 'blue' where id = 1", "select 1");
        assertThat(held).hasValue(0);
        sides.replica.onBlue("insert into thing values (20, 7, 'blue')");
        sides.drain();
        assertThat(held).hasPositiveValue();
        assertWhole();
    }

    @Test
    void whoWritesAroundAForeignKeyStopsBothLanes() throws InterruptedException {
        sides.replica.onGreen(
                "set local session_replication_role = replica; insert into thing values (20, 99, 'torn')");
        sides.lead(ConflictPolicy.GREEN_WINS);
        Await.until("a lane stands", Replica.PATIENCE, () -> sides.standing().isPresent());
        assertThat(sides.standing()).hasValueSatisfying(stopped -> {
            assertThat(stopped.code()).isEqualTo(FaultCode.CANARY_BROKEN);
            assertThat(stopped.detail())
                    .contains("row [20] of public.thing refers (thing_holder_fkey) to row [99] of public.holder");
        });
        assertThat(sides.replica.rows(sides.replica.blue, TORN)).isEmpty();
    }

    @Test
    void rowsAreTiedThroughOtherNamesAndAnotherOrderOfTheKey() throws InterruptedException {
        sides.close();
        sides = new BothSides(
                ServerPair.shared(14, 18),
                Rules.from("items", "product")
                        .column("number", "s.id")
                        .column("class", "s.kind")
                        .column("name", "s.title")
                        .and("sales", "sale")
                        .column("id", "s.id")
                        .column("sort", "s.kind")
                        .column("what", "s.item")
                        .spec(),
                """
                create table items (kind text, id int, title text, primary key (kind, id));
                create table sales (id int primary key, kind text, item int, foreign key (kind, item) references items);
                insert into items select 'k', n, 't' || n from generate_series(1, 5) n;
                """,
                """
                create table product (number bigint, class text, name text, primary key (number, class));
                create table sale (id bigint primary key, sort text, what bigint,
                    foreign key (what, sort) references product);
                insert into product select n, 'k', 't' || n from generate_series(1, 5) n;
                """);
        sides.replica.onBlue("delete from items where id in (1, 3)");
        sides.replica.onBlue("insert into sales values (1, 'k', 2)");
        sides.replica.onGreen("insert into sale values (11, 'k', 1), (12, 'k', 4)");
        sides.replica.onGreen("delete from product where number = 2");
        sides.lead(ConflictPolicy.GREEN_WINS);
        sides.drain();
        sides.drain();
        String items = "select string_agg(%s::text, ' ' order by %s) from %s";
        assertThat(sides.replica.value(sides.replica.blue, items.formatted("id", "id", "items")))
                .isEqualTo("1 4 5")
                .isEqualTo(sides.replica.value(sides.replica.green, items.formatted("number", "number", "product")));
        assertThat(sides.replica.value(sides.replica.blue, items.formatted("id", "id", "sales")))
                .isEqualTo("11 12")
                .isEqualTo(sides.replica.value(sides.replica.green, items.formatted("id", "id", "sale")));
        assertThat(sides.conflicts())
                .containsExactlyInAnyOrder(
                        "orphan public.sales {1} green-wins",
                        "orphan public.items {k,2} green-wins",
                        "orphan public.sales {11} green-wins",
                        "orphan public.items {k,1} green-wins");
    }

    @ParameterizedTest
    @CsvSource({
        "BLUE_WINS, 1, false",
        "GREEN_WINS, 2, false",
        "NEWEST_WINS, 3, false",
        "BLUE_WINS, 4, true",
        "GREEN_WINS, 5, true",
        "NEWEST_WINS, 6, true"
    })
    void whateverBothSidesWriteTheyAreTheSameAndNothingRefersToNothing(
            ConflictPolicy policy, long seed, boolean interrupted) throws Exception {
        new RandomWriters(sides, policy, seed, TiedRowsTest::statement).write(interrupted);
        assertWhole();
        List<String> kept = sides.conflicts();
        assertThat(kept).as("the test meets conflicts").isNotEmpty();
        if (!interrupted) {
            assertThat(kept).as("the test meets rows that are torn off").anyMatch(one -> one.startsWith("orphan"));
        }
    }

    private static String statement(Random random, Side side) {
        int id = 1 + random.nextInt(10);
        int other = 1 + random.nextInt(10);
        String word = side.text() + random.nextInt(3);
        return switch (random.nextInt(14)) {
            case 0 -> "insert into region values (%d, '%s') on conflict do nothing".formatted(id, word);
            case 1 -> "delete from region where id = " + id;
            case 2, 3 ->
                "insert into holder select %d, id, '%s' from region where id = %d on conflict do nothing"
                        .formatted(id, word, 1 + other % 5);
            case 4, 5 ->
                "update thing set holder = null where holder = %d; delete from holder where id = %d".formatted(id, id);
            case 6 ->
                "insert into thing select %d, id, '%s' from holder order by random() limit 1 on conflict do nothing"
                        .formatted(20 + random.nextInt(500), word);
            case 7 ->
                "insert into thing values (%d, (select id from holder order by random() limit 1), '%s') on conflict (id) do update set label = excluded.label, holder = excluded.holder"
                        .formatted(id, word);
            case 8 -> "delete from thing where id = " + id;
            case 9, 10 ->
                "insert into note values (%d, (select id from thing order by random() limit 1), (select max(id) from note where id < %d), '%s') on conflict (id) do update set thing = excluded.thing"
                        .formatted(id, id, word);
            case 11 -> "update note set above = null where above = %d or id = %d".formatted(id, id);
            case 12 -> "delete from note where id = " + id;
            default ->
                "update holder set name = '%s', region = (select min(id) from region) where id = %d"
                        .formatted(word, id);
        };
    }
}
