package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is compared is the target with the mapping of the source, whatever the tables look like. */
class MappedRoutesTest {
    private TestPair pair;

    @BeforeEach
    void open() throws SQLException {
        pair = TestPair.of(15, 17);
    }

    @AfterEach
    void close() throws SQLException, InterruptedException {
        pair.close();
    }

    private void assertClean(long rows) throws InterruptedException {
        Verification verification = pair.verify();
        assertThat(verification.differences()).isEmpty();
        assertThat(verification.clean()).isTrue();
        assertThat(verification.rows()).isEqualTo(rows);
    }

    private static String told(Verification verification) {
        return verification.differences().stream()
                .map(difference -> difference.kind() + " " + difference.key()
                        + difference.columns().stream()
                                .map(column ->
                                        " " + column.column() + " " + column.expected() + " -> " + column.found())
                                .collect(Collectors.joining()))
                .sorted()
                .collect(Collectors.joining("; "));
    }

    /** Assigning to numeric(12,2) or timestamp(0) rounds without a word; only the values, not the mapping, show it. */
    @Test
    void whatTheTargetRoundsIsComparedAsItIsStored() throws Exception {
        pair.onBlue(
                "create table item (id int primary key, cents bigint, seen timestamp)",
                "insert into item select g, g * 7, timestamp '2024-01-01' + g * interval '777 ms'"
                        + " from generate_series(1, 50) g");
        pair.onGreen(
                "create table item (id int primary key, price numeric(12,2), seen timestamp(0))",
                "insert into item select g, g * 7 / 100.0, timestamp '2024-01-01' + g * interval '777 ms'"
                        + " from generate_series(1, 50) g");
        pair.oneWay()
                .mapping(
                        TestPair.rule(
                                "item", Optional.empty(), "id", "s.id", "price", "s.cents / 100.0", "seen", "s.seen"),
                        "item");
        assertClean(50);
        pair.onGreen("update item set price = price + 0.01 where id = 7");
        assertThat(told(pair.verify())).isEqualTo("DIFFERENT id=7 price 0.49 -> 0.50");
    }

    @Nested
    class ThroughATransformingMapping {
        @BeforeEach
        void fill() throws SQLException {
            pair.onBlue("""
                    create table items (no int primary key, title text, price numeric(10,2), changed timestamp, gone bool);
                    alter table items replica identity full;
                    insert into items select g, ' title ' || g, g / 8.0, timestamp '2024-03-31 01:30' + g * interval '1 h',
                      g % 10 = 0 from generate_series(1, 500) g
                    """);
            pair.onGreen("""
                    create table article (id bigint primary key, name text, cents bigint, changed_at timestamptz);
                    insert into article select g, 'title ' || g, (round(g / 8.0, 2) * 100)::bigint,
                      (timestamp '2024-03-31 01:30' + g * interval '1 h') at time zone 'UTC'
                    from generate_series(1, 500) g where g % 10 <> 0
                    """);
            pair.oneWay()
                    .mapping(
                            TestPair.rule(
                                    "items",
                                    Optional.of("not s.gone"),
                                    "id",
                                    "s.no",
                                    "name",
                                    "trim(s.title)",
                                    "cents",
                                    "(s.price * 100)::bigint",
                                    "changed_at",
                                    "s.changed at time zone 'UTC'"),
                            "article");
        }

        @Test
        void equalMeansEqualAfterTheMapping() throws Exception {
            assertClean(450);
        }

        @Test
        void theTimeZonesOfTheServersDoNotMatter() throws Exception {
            pair.onBlue("alter database " + pair.blueName() + " set timezone = 'Asia/Tokyo'");
            pair.onGreen(
                    "alter database " + pair.greenName() + " set timezone = 'America/New_York'",
                    "alter database " + pair.greenName() + " set datestyle = 'German'",
                    "alter database " + pair.greenName() + " set extra_float_digits = 0");
            assertClean(450);
        }

        @Test
        void differencesAreToldInTheTermsOfTheTarget() throws Exception {
            pair.onGreen(
                    "update article set name = ' ' || name where id = 5",
                    "update article set cents = cents + 1 where id = 6",
                    "update article set changed_at = changed_at - interval '1 h' where id = 7",
                    "insert into article (id, name) values (10, 'was filtered')",
                    "delete from article where id = 11");
            assertThat(told(pair.verify()))
                    .isEqualTo("DIFFERENT id=5 name title 5 -> ' title 5'; DIFFERENT id=6 cents 75 -> 76; "
                            + "DIFFERENT id=7 changed_at 2024-03-31 08:30:00+00 -> 2024-03-31 07:30:00+00; "
                            + "EXTRA id=10; MISSING id=11");
        }

        @Test
        void tablesMayBeNamedByEitherSide() throws Exception {
            pair.both("create table other (id int primary key)", "insert into other values (1)");
            pair.onBlue("insert into other values (2)");
            for (String name : List.of("items", "article")) {
                Verification verification = pair.verifier()
                        .verify(
                                Direction.FORWARD,
                                new StillLane(Direction.FORWARD),
                                Set.of(TableName.parse(name)),
                                TestPair.deadline());
                assertThat(verification.tables()).singleElement().satisfies(table -> {
                    assertThat(table.sources()).containsExactly(TableName.parse("items"));
                    assertThat(table.target()).isEqualTo(TableName.parse("article"));
                    assertThat(table.equal()).isTrue();
                });
            }
            assertThat(told(pair.verify())).isEqualTo("MISSING id=2");
        }
    }

    @Nested
    class OnTheWayBack {
        @BeforeEach
        void fill() throws SQLException {
            pair.onBlue("""
                    create table orders (id int primary key, status text not null, note text);
                    alter table orders replica identity full;
                    insert into orders select g, case when g % 5 = 0 then 'old' else 'new' end, 'note ' || g
                    from generate_series(1, 100) g
                    """);
            pair.onGreen("""
                    create table purchase (id int primary key, status text not null, note text);
                    insert into purchase select g, 'new', 'note ' || g from generate_series(1, 100) g where g % 5 <> 0
                    """);
            pair.mapping(
                    TestPair.rule(
                            "orders",
                            Optional.of("s.status <> 'old'"),
                            "id",
                            "s.id",
                            "status",
                            "s.status",
                            "note",
                            "s.note"),
                    "purchase");
        }

        @Test
        void rowsThatNeverTravelledAreNotExpectedToComeBack() throws Exception {
            assertThat(told(pair.verify(Direction.REVERSE))).isEmpty();
        }

        @Test
        void aRowThatLeftTheFilterAfterwardsIsLeftOutOnBothSides() throws Exception {
            pair.onGreen("update purchase set status = 'old' where id = 7");
            pair.onBlue("update orders set status = 'old' where id = 7");
            assertThat(told(pair.verify(Direction.REVERSE))).isEmpty();
        }

        @Test
        void differencesAreToldInTheTermsOfBlue() throws Exception {
            pair.onGreen("update purchase set note = 'later' where id = 3", "delete from purchase where id = 4");
            assertThat(told(pair.verify(Direction.REVERSE)))
                    .isEqualTo("DIFFERENT id=3 note later -> note 3; EXTRA id=4");
        }
    }

    @Nested
    class WithUnusualTables {
        @Test
        void questionMarksInExpressionsAreNotParameters() throws Exception {
            pair.onBlue("""
                    create table docs (id int primary key, doc jsonb);
                    alter table docs replica identity full;
                    insert into docs values (1, '{"a": 1}'), (2, '{"b": 2}'), (3, '{"a": 3}')
                    """);
            pair.onGreen(
                    "create table docs (id int primary key, has_c bool)",
                    "insert into docs values (1, false), (3, false)");
            pair.oneWay()
                    .mapping(
                            TestPair.rule(
                                    "docs", Optional.of("s.doc ? 'a'"), "id", "s.id", "has_c", "s.doc ?| array['c']"),
                            "docs");
            assertClean(2);
            pair.onGreen("update docs set has_c = true where id = 3");
            assertThat(told(pair.verify())).isEqualTo("DIFFERENT id=3 has_c false -> true");
        }

        @Test
        void aTypeThatOnlyTheTargetHasIsComparedByItsText() throws Exception {
            pair.onBlue(
                    "create table t (id int primary key, state text)", "insert into t values (1, 'on'), (2, 'off')");
            pair.onGreen(
                    "create type state as enum ('off', 'on')",
                    "create table t (id int primary key, state state)",
                    "insert into t values (1, 'on'), (2, 'on')");
            pair.oneWay();
            assertThat(told(pair.verify())).isEqualTo("DIFFERENT id=2 state off -> on");
        }

        @Test
        void enumsAreComparedByLabelAndNotByObjectId() throws Exception {
            pair.onGreen("create type something_else as enum ('z')");
            pair.both(
                    "create type state as enum ('off', 'on')",
                    "create table t (state state primary key)",
                    "insert into t values ('off'), ('on')");
            assertClean(2);
        }

        @Test
        void childrenOfAnInheritedTableAreTablesOfTheirOwn() throws Exception {
            pair.both("""
                    create table parent (id int primary key, v text);
                    create table child (primary key (id)) inherits (parent);
                    insert into parent values (1, 'p');
                    insert into child values (2, 'c')
                    """);
            assertClean(2);
            pair.onGreen("update child set v = 'x'");
            assertThat(pair.verify().differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.target()).isEqualTo(TableName.parse("child")));
        }

        @Test
        void aPartitionedTableEqualsAPlainOneAndTheOtherWayRound() throws Exception {
            String partitioned = """
                    create table %1$s (id int primary key, v text) partition by range (id);
                    create table %1$s_1 partition of %1$s for values from (0) to (50);
                    create table %1$s_2 partition of %1$s for values from (50) to (500);
                    insert into %1$s select g, 'v' || g from generate_series(0, 99) g
                    """;
            String plain = """
                    create table %1$s (id int primary key, v text);
                    insert into %1$s select g, 'v' || g from generate_series(0, 99) g
                    """;
            pair.onBlue(partitioned.formatted("a"), plain.formatted("b"));
            pair.onGreen(plain.formatted("a"), partitioned.formatted("b"));
            assertClean(200);
            pair.onGreen("delete from b_2 where id = 77");
            assertThat(told(pair.verify())).isEqualTo("MISSING id=77");
        }

        @Test
        void namesThatNeedQuotesAndKeysOfManyColumnsAreToldAsTheyAre() throws Exception {
            pair.both("""
                    create schema "Odd Schema";
                    create table "Odd Schema"."select ""x"\"" ("Group" text, "the key" int, "va'lue?" text,
                      primary key ("Group", "the key"));
                    insert into "Odd Schema"."select ""x"\"" values ('ä, "b"', 1, 'x'), ('', 2, null), ('c\\d', 3, '?')
                    """);
            assertClean(3);
            pair.onGreen("update \"Odd Schema\".\"select \"\"x\"\"\" set \"va'lue?\" = 'y'");
            assertThat(told(pair.verify()))
                    .isEqualTo("DIFFERENT Group='', the key=2 va'lue? NULL -> y; "
                            + "DIFFERENT Group=c\\d, the key=3 va'lue? ? -> y; "
                            + "DIFFERENT Group=ä, \"b\", the key=1 va'lue? x -> y");
        }

        @Test
        void tablesOfOneColumnAndOfVeryManyAndEmptyOnesAreCompared() throws Exception {
            String columns =
                    IntStream.range(0, 1599).mapToObj(i -> "c" + i + " bool").collect(Collectors.joining(", "));
            pair.both(
                    "create table narrow (id text primary key)",
                    "insert into narrow values ('a'), ('b')",
                    "create table wide (id int primary key, " + columns + ")",
                    "insert into wide (id, c7, c1598) values (1, true, false), (2, null, true)",
                    "create table nothing (id int primary key)");
            assertClean(4);
            pair.onGreen("update wide set c1598 = true where id = 1", "update narrow set id = 'c' where id = 'b'");
            assertThat(told(pair.verify())).isEqualTo("DIFFERENT id=1 c1598 false -> true; EXTRA id=c; MISSING id=b");
        }

        @Test
        void anEmptyTableDiffersFromOneWithRows() throws Exception {
            pair.both("create table t (id int primary key)");
            pair.onGreen("insert into t values (1)");
            assertThat(told(pair.verify())).isEqualTo("EXTRA id=1");
            pair.onGreen("delete from t");
            pair.onBlue("insert into t values (1)");
            assertThat(told(pair.verify())).isEqualTo("MISSING id=1");
        }

        @Test
        void paddingOfCharColumnsOfDifferentLengthsIsNoDifference() throws Exception {
            pair.onBlue("create table t (id int primary key, c char(3))", "insert into t values (1, 'a'), (2, 'bcd')");
            pair.onGreen("create table t (id int primary key, c char(9))", "insert into t values (1, 'a'), (2, 'bcd')");
            assertClean(2);
        }

        @Test
        void longValuesAreToldByTheirBeginningLengthAndHash() throws Exception {
            pair.both(
                    "create table t (id int primary key, c text)", "insert into t values (1, repeat('long ', 100000))");
            pair.onGreen("update t set c = c || '!'");
            Verification verification = pair.verify();
            assertThat(verification.differences()).singleElement().satisfies(difference -> {
                ColumnDifference column = difference.columns().getFirst();
                assertThat(column.expected()).hasSizeLessThan(300).contains("(500000 characters, sha256 ");
                assertThat(column.found()).hasSizeLessThan(300).contains("(500001 characters, sha256 ");
            });
        }

        @Test
        void aMappingThatIsNotDeterministicIsNeverEqual() throws Exception {
            pair.both("create table t (id int primary key, v float8)", "insert into t values (1, 0.5)");
            pair.oneWay().mapping(TestPair.rule("t", Optional.empty(), "id", "s.id", "v", "random()"), "t");
            Verification verification = pair.verify();
            assertThat(verification.clean()).isFalse();
            assertThat(verification.differences())
                    .allSatisfy(d -> assertThat(d.kind()).isEqualTo(Kind.DIFFERENT));
        }
    }

    @Test
    void databasesOfDifferentEncodingsAreComparedByCharacters() throws Exception {
        PostgresServer blue = SharedServers.blue(15);
        PostgresServer green = SharedServers.green(17);
        String latin = "verify_latin_" + System.nanoTime();
        blue.execute("create database " + latin + " encoding 'LATIN1' locale 'C' template template0");
        try (TestPair mixed = TestPair.of(blue, latin, green, green.freshDatabase("verify"))) {
            mixed.both(
                    "create table t (name text primary key, code varchar(10), fixed char(5), doc json)",
                    "insert into t values ('Zoë', 'ä', 'ö', '{\"ü\": 1}'), ('plain', 'a', 'b', '{}')");
            for (HashTier tier : HashTier.values()) {
                mixed.limits(TestPair.ONE_BY_ONE.withStrongest(tier));
                assertThat(mixed.verify().clean()).as("with %s", tier).isTrue();
            }
            mixed.onGreen("update t set code = 'å' where name = 'Zoë'");
            assertThat(told(mixed.verify())).isEqualTo("DIFFERENT name=Zoë code ä -> å");
        }
    }

    @Test
    void aRuleMayNameItsRowsAsItLikes() throws Exception {
        pair.both(
                "create table t (id int primary key, v text)",
                "alter table t replica identity full",
                "insert into t values (1, 'x')");
        MappingSpec.Rule rule = new MappingSpec.Rule(
                TableName.parse("t"),
                "order",
                Optional.of("\"order\".id > 0 -- all of them"),
                TestPair.assignments("id", "\"order\".id", "v", "\"order\".v"),
                List.of());
        pair.mapping(rule, "t");
        assertClean(1);
    }
}
