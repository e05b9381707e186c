package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every fault that is put into green is found, told as what it is, and nothing else is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InjectedFaultsTest {
    private static final String TABLE = """
            create type mood as enum ('sad', 'ok', 'glad');
            create table everything (
              id bigint primary key, small smallint, whole int, big bigint, exact numeric, cents numeric(10,2),
              single real, twice float8, name text, code varchar(20), fixed char(8), flag bool, raw bytea, day date,
              at_local timestamp, at_world timestamptz, at_day time, took interval, doc jsonb, doc_text json,
              tags text[], numbers int[], feeling mood, address inet, key uuid, span int4range, amount money, bits bit(5));
            insert into everything
            select g, g % 100, g * 3, g * 5000000000, g / 7.0, g / 4.0, g / 3.0, g / 9.0, 'name ' || g, 'code ' || g,
                   'fix' || g % 50, g % 2 = 0, decode(md5(g::text), 'hex'), date '2024-01-01' + g % 400,
                   timestamp '2024-01-01' + g * interval '1 s', timestamptz '2024-01-01 00:00+00' + g * interval '7 s',
                   time '00:00' + g * interval '3 s', g * interval '1 min', jsonb_build_object('a', g, 'b', 1.50),
                   json_build_object('z', g), array['x', g::text, null], array[g, g + 1],
                   (array['sad', 'ok', 'glad'])[1 + g % 3]::mood, '10.0.0.1', md5(g::text)::uuid,
                   int4range(g, g + 5), (g / 4.0)::numeric::money, (g % 32)::bit(5)
            from generate_series(10, 3000) g;
            insert into everything (id, name, code, exact, twice, day, at_world, doc, tags, fixed)
            values (5, '', null, 1.0, 0.0, 'infinity', '-infinity', '{"n": 1.0}', '{}', 'a'),
                   (6, null, '', 'NaN', 'NaN', '-infinity', 'infinity', 'null', null, null);
            insert into everything (id, big) values (8, -5);
            create table loose (a int, b text);
            alter table loose replica identity full;
            insert into loose select g % 10, 'b' || g % 4 from generate_series(1, 200) g;
            insert into loose values (null, null), (null, '');
            """;

    /** A statement for green that does damage, and one that undoes it. */
    private record Fault(String name, String damage, String undo, List<Expected> expected) {}

    private record Expected(String key, Kind kind, String column, String value, String found) {}

    /** Between which servers and by which hash. */
    record Way(TestPair pair, HashTier tier) {
        @Override
        public String toString() {
            return "from %s by %s".formatted(pair.name(), tier);
        }
    }

    private List<Way> ways = List.of();

    @BeforeAll
    void fill() throws SQLException {
        ways = ways();
        for (TestPair pair : pairs()) {
            pair.both(TABLE);
        }
    }

    List<Way> ways() throws SQLException {
        TestPair sameVersion = TestPair.of(18, 18);
        return List.of(
                new Way(TestPair.of(14, 18), HashTier.RECORD),
                new Way(sameVersion, HashTier.TEXT),
                new Way(sameVersion, HashTier.MD5));
    }

    /** One way for each fault in turn; the long run takes all of them. */
    List<Way> waysFor(int fault, List<Way> all) {
        return List.of(all.get(fault % all.size()));
    }

    private Set<TestPair> pairs() {
        return ways.stream().map(Way::pair).collect(Collectors.toSet());
    }

    @AfterAll
    void close() throws SQLException, InterruptedException {
        for (TestPair pair : pairs()) {
            pair.close();
        }
    }

    @TestFactory
    List<DynamicTest> findsTheInjectedFaultAndOnlyIt() {
        List<DynamicTest> tests = new ArrayList<>();
        List<Fault> faults = faults();
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            for (Way way : waysFor(i, ways)) {
                tests.add(
                        DynamicTest.dynamicTest(fault.name() + ", " + way, () -> find(way.pair(), fault, way.tier())));
            }
        }
        for (Way way : ways) {
            tests.add(DynamicTest.dynamicTest(
                    "nothing when all is mended, " + way, () -> assertClean(way.pair(), way.tier())));
        }
        return tests;
    }

    private static void find(TestPair pair, Fault fault, HashTier tier) throws SQLException, InterruptedException {
        pair.limits(TestPair.ONE_BY_ONE.withStrongest(tier));
        pair.onGreen(fault.damage());
        Verification found = pair.verify();
        pair.onGreen(fault.undo());
        List<Expected> told = new ArrayList<>();
        found.differences().forEach(difference -> told.addAll(told(difference)));
        assertThat(told).containsExactlyInAnyOrderElementsOf(fault.expected());
        assertThat(found.clean()).isFalse();
        assertThat(found.tables().stream()
                        .mapToLong(Verification.TableResult::differing)
                        .sum())
                .isEqualTo(found.differences().size());
    }

    private static void assertClean(TestPair pair, HashTier tier) throws InterruptedException {
        Verification verification =
                pair.limits(TestPair.ONE_BY_ONE.withStrongest(tier)).verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.clean()).isTrue();
        assertThat(verification.rows()).isEqualTo(2994 + 202);
    }

    private static List<Expected> told(RowDifference difference) {
        if (difference.columns().isEmpty()) {
            return List.of(row(difference.kind(), difference.key()));
        }
        List<Expected> told = new ArrayList<>();
        for (ColumnDifference column : difference.columns()) {
            told.add(new Expected(
                    difference.key(), difference.kind(), column.column(), column.expected(), column.found()));
        }
        return told;
    }

    private static Expected row(Kind kind, String key) {
        return new Expected(key, kind, "", "", "");
    }

    private static Fault change(String column, int id, String sql, String expected, String found) {
        return new Fault(
                column + " of row " + id + " set to " + sql,
                "create table kept as select * from everything where id = %d; update everything set %s = %s where id = %d"
                        .formatted(id, column, sql, id),
                """
                update everything e set %s = k.%s from kept k where e.id = k.id; drop table kept
                """.formatted(column, column),
                List.of(new Expected("id=" + id, Kind.DIFFERENT, column, expected, found)));
    }

    private static Fault moved(String name, String damage, List<Expected> expected) {
        return new Fault(
                name,
                "create table kept as select * from everything; " + damage,
                "truncate everything; insert into everything select * from kept; drop table kept",
                expected);
    }

    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>(List.of(
                change(
                        "raw",
                        1000,
                        "'\\xa9b7ba70783b617e9998dc4dd82eb3c4'",
                        "\\xa9b7ba70783b617e9998dc4dd82eb3c5",
                        "\\xa9b7ba70783b617e9998dc4dd82eb3c4"),
                change("flag", 1000, "false", "true", "false"),
                change("whole", 1000, "whole # 1", "3000", "3001"),
                change("big", 1000, "big # (1::bigint << 40)", "5000000000000", "6099511627776"),
                change("big", 8, "4294967291", "-5", "4294967291"),
                change("small", 1000, "small + 1", "0", "1"),
                change("name", 5, "null", "''", "NULL"),
                change("name", 6, "''", "NULL", "''"),
                change("code", 1000, "'code 1000 '", "code 1000", "'code 1000 '"),
                change("fixed", 1000, "'fix1'", "fix0", "fix1"),
                change("exact", 5, "1.00", "1.0", "1.00"),
                change("exact", 6, "null", "NaN", "NULL"),
                change("cents", 1000, "250.01", "250.00", "250.01"),
                change("twice", 5, "'-0.0'", "0", "-0"),
                change("twice", 6, "'Infinity'", "NaN", "Infinity"),
                change("single", 1000, "333.3334", "333.33334", "333.3334"),
                change("day", 5, "'-infinity'", "infinity", "-infinity"),
                change("at_world", 5, "'infinity'", "-infinity", "infinity"),
                change(
                        "at_world",
                        1000,
                        "'2024-01-01 01:56:40+01'",
                        "2024-01-01 01:56:40+00",
                        "2024-01-01 00:56:40+00"),
                change(
                        "at_local",
                        1000,
                        "at_local + interval '1 microsecond'",
                        "2024-01-01 00:16:40",
                        "2024-01-01 00:16:40.000001"),
                change("at_day", 1000, "'24:00'", "00:50:00", "24:00:00"),
                change("took", 1000, "'16 h 39 min 60.5 s'", "16:40:00", "16:40:00.5"),
                change("doc", 5, "'{\"n\": 1.00}'", "{\"n\": 1.0}", "{\"n\": 1.00}"),
                change("doc", 6, "null", "'null'", "NULL"),
                change("doc_text", 1000, "'{\"z\":1000}'", "{\"z\" : 1000}", "{\"z\":1000}"),
                change("tags", 5, "null", "{}", "NULL"),
                change("tags", 1000, "array['x', '1000', 'NULL']", "{x,1000,NULL}", "{x,1000,\"NULL\"}"),
                change("numbers", 1000, "array[1001, 1000]", "{1000,1001}", "{1001,1000}"),
                change("feeling", 1000, "'sad'", "ok", "sad"),
                change("address", 1000, "'10.0.0.1/24'", "10.0.0.1/32", "10.0.0.1/24"),
                change("span", 1000, "'empty'", "[1000,1005)", "empty"),
                change("amount", 1000, "'250.01'", "$250.00", "$250.01"),
                change("bits", 1000, "b'00111'", "01000", "00111")));
        faults.addAll(movedRows());
        return faults;
    }

    private static List<Fault> movedRows() {
        return List.of(
                moved("first row missing", "delete from everything where id = 5", List.of(row(Kind.MISSING, "id=5"))),
                moved("row missing", "delete from everything where id = 999", List.of(row(Kind.MISSING, "id=999"))),
                moved(
                        "last row missing",
                        "delete from everything where id = 3000",
                        List.of(row(Kind.MISSING, "id=3000"))),
                moved("extra below", "insert into everything (id) values (-1)", List.of(row(Kind.EXTRA, "id=-1"))),
                moved("extra above", "insert into everything (id) values (3001)", List.of(row(Kind.EXTRA, "id=3001"))),
                moved("extra between", "insert into everything (id) values (7)", List.of(row(Kind.EXTRA, "id=7"))),
                moved(
                        "two rows with one value swapped",
                        "update everything set whole = 3030 - whole where id in (500, 510)",
                        List.of(
                                new Expected("id=500", Kind.DIFFERENT, "whole", "1500", "1530"),
                                new Expected("id=510", Kind.DIFFERENT, "whole", "1530", "1500"))),
                moved(
                        "two rows with two texts swapped",
                        """
                        update everything e set name = o.name, code = o.code from everything o
                        where (e.id, o.id) in ((500, 501), (501, 500))
                        """,
                        List.of(
                                new Expected("id=500", Kind.DIFFERENT, "name", "name 500", "name 501"),
                                new Expected("id=500", Kind.DIFFERENT, "code", "code 500", "code 501"),
                                new Expected("id=501", Kind.DIFFERENT, "name", "name 501", "name 500"),
                                new Expected("id=501", Kind.DIFFERENT, "code", "code 501", "code 500"))),
                new Fault(
                        "duplicated pair in a table without a key",
                        "insert into loose values (3, 'b3'), (3, 'b3')",
                        "delete from loose where ctid in (select ctid from loose where a = 3 and b = 'b3' limit 2)",
                        List.of(row(Kind.EXTRA, "a=3, b=b3"), row(Kind.EXTRA, "a=3, b=b3"))),
                new Fault(
                        "one duplicate replaced by another in a table without a key",
                        "update loose set b = 'b1' where ctid = (select ctid from loose where a = 3 and b = 'b3' limit 1)",
                        "update loose set b = 'b3' where ctid = (select ctid from loose where a = 3 and b = 'b1' limit 1)",
                        List.of(row(Kind.MISSING, "a=3, b=b3"), row(Kind.EXTRA, "a=3, b=b1"))),
                new Fault(
                        "empty text for NULL in a table without a key",
                        "update loose set b = '' where a is null and b is null",
                        "update loose set b = null where ctid = (select ctid from loose where a is null limit 1)",
                        List.of(row(Kind.MISSING, "a=NULL, b=NULL"), row(Kind.EXTRA, "a=NULL, b=''"))));
    }
}
