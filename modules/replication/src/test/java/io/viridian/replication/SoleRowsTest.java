package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.FaultCode;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Unique constraints beside the key: both sides give one value to rows of different keys. */
class SoleRowsTest {
    private static final String SCHEMA = """
            create table person (id int primary key, mail text unique, area int, seat int, note text,
                unique (seat, area));
            create table letter (id int primary key, person int not null references person on delete cascade, text text);
            insert into person select n, 'm' || n, n % 2, n, null from generate_series(1, 8) n;
            insert into letter select n, n, 'l' || n from generate_series(1, 8) n;
            """;

    private static final String[] TABLES = {"person", "letter"};

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
        assertThat(sides.replica.rows(
                        sides.replica.blue,
                        "select l.id::text from letter l left join person p on p.id = l.person where p.id is null"))
                .isEmpty();
    }

    private String persons(String condition) {
        return sides.replica.value(
                sides.replica.blue,
                "select coalesce(string_agg(id || ':' || coalesce(mail, '-'), ' ' order by id), 'none') from person where "
                        + condition);
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void valuesThatOneSideHandsOnAskNobody(ConflictPolicy policy) throws InterruptedException {
        settles(
                policy,
                "update person set mail = null where id = 1; update person set mail = 'm1' where id = 2;"
                        + " update person set mail = 'm2' where id = 1",
                "insert into person values (20, 'new', 1, 20, null), (21, null, null, 20, null)");
        assertThat(sides.conflicts()).isEmpty();
        assertThat(persons("id in (1, 2)")).isEqualTo("1:m2 2:m1");
    }

    @Test
    void ofTwoRowsWithOneValueBluesStays() throws InterruptedException {
        settles(
                ConflictPolicy.BLUE_WINS,
                "insert into person values (20, 'x', 9, 9, 'blue')",
                "insert into person values (21, 'x', 8, 8, 'green'); insert into letter values (20, 21, 'to green''s')");
        assertThat(persons("mail = 'x'")).isEqualTo("20:x");
        assertThat(persons("id = 21")).isEqualTo("none");
        assertThat(sides.conflicts())
                .containsExactlyInAnyOrder(
                        "duplicate public.person {20} blue-wins",
                        "duplicate public.person {21} blue-wins",
                        "orphan public.letter {20} blue-wins");
        assertThat(sides.replica.value(
                        sides.replica.green, "select green_row->>'note' from viridian.conflict where key = '{21}'"))
                .isEqualTo("green");
    }

    @Test
    void ofTwoRowsWithOneValueGreensStays() throws InterruptedException {
        settles(
                ConflictPolicy.GREEN_WINS,
                "update person set mail = 'x' where id = 1",
                "update person set mail = 'x' where id = 2");
        assertThat(persons("id in (1, 2)")).isEqualTo("1:m1 2:x");
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, names = "HALT", mode = EnumSource.Mode.EXCLUDE)
    void valuesThatGoInACircleAreAsOneSideHasThem(ConflictPolicy policy) throws InterruptedException {
        String turn = """
                update person set mail = null, seat = null where id in (%1$d, %2$d, %3$d);
                update person set mail = 'm%2$d', seat = %2$d, area = %2$d %% 2 where id = %1$d;
                update person set mail = 'm%3$d', seat = %3$d, area = %3$d %% 2 where id = %2$d;
                update person set mail = 'm%1$d', seat = %1$d, area = %1$d %% 2 where id = %3$d;
                """;
        settles(policy, turn.formatted(1, 2, 3), turn.formatted(3, 2, 5));
        assertThat(sides.conflicts()).isNotEmpty();
    }

    @Test
    void nothingPassesBeforeOneThatNobodyDecides() throws InterruptedException {
        sides.replica.onBlue("insert into person values (20, 'x', 9, 9, 'blue')");
        sides.replica.onGreen("insert into person values (21, 'x', 8, 8, 'green')");
        sides.lead(ConflictPolicy.HALT);
        Await.until("a lane stands", Replica.PATIENCE, () -> sides.standing().isPresent());
        assertThat(sides.standing()).hasValueSatisfying(stopped -> {
            assertThat(stopped.code()).isEqualTo(FaultCode.CANARY_CONFLICT);
            assertThat(stopped.detail())
                    .contains("duplicate: row [2", "has a value (person_mail_key)", "\"blue\"", "\"green\"");
        });
        sides.stop();
        sides.lead(ConflictPolicy.BLUE_WINS);
        sides.drain();
        sides.drain();
        assertWhole();
        assertThat(persons("mail = 'x'")).isEqualTo("20:x");
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
    void whateverBothSidesWriteTheyAreTheSame(ConflictPolicy policy, long seed, boolean interrupted) throws Exception {
        new RandomWriters(sides, policy, seed, SoleRowsTest::statement).write(interrupted);
        assertWhole();
        assertThat(sides.conflicts()).as("the test meets conflicts").isNotEmpty();
    }

    private static String statement(Random random, Side side) {
        int id = 1 + random.nextInt(10);
        int other = 1 + random.nextInt(10);
        String word = side.text() + random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0, 1 ->
                "insert into person values (%d, 'm%d', %d, %d, '%s') on conflict do nothing"
                        .formatted(id, other, id % 2, other, word);
            case 2 -> "delete from person where id = " + id;
            case 3, 4 -> "update person set mail = 'm%d' where id = %d".formatted(other, id);
            case 5 -> "update person set mail = null, seat = null where id = " + id;
            case 6 -> """
                    do $$ declare one text; begin
                        select mail into one from person where id = %1$d; update person set mail = null where id = %1$d;
                        update person set mail = one where id = %2$d; end $$
                    """.formatted(id, other);
            case 7 -> "update person set seat = %d, area = %d where id = %d".formatted(other, other % 2, id);
            case 8 ->
                "insert into letter select %d, id, '%s' from person where id = %d on conflict do nothing"
                        .formatted(other, word, id);
            default -> "update person set note = '%s' where id = %d".formatted(word, id);
        };
    }
}
