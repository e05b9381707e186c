package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.MappingSpec;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** One table into several, by its rows: each goes where its condition says, and changes its place when that changes. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class SplitTableTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    private static final String BLUE = """
            create table party (id int primary key, kind text not null, name text, body text);
            alter table party replica identity full;
            """;

    private static final String GREEN = """
            create table person (id int primary key, name text, body text);
            create table company (number bigint primary key, title text, body text);
            """;

    private static final MappingSpec MAPPING = Rules.from("party", "person")
            .where("s.kind = 'person'")
            .column("id", "s.id")
            .column("name", "s.name")
            .column("body", "s.body")
            .inverse("kind", "'person'")
            .and("party", "company")
            .where("s.kind = 'company'")
            .column("number", "s.id + 1000000")
            .column("title", "upper(s.name)")
            .column("body", "s.body")
            .inverse("id", "(t.number - 1000000)::int")
            .inverse("kind", "'company'")
            .inverse("name", "lower(t.title)")
            .spec();

    private static final FormChanges CHANGES = new FormChanges(
            SplitTableTest::fill,
            List.of(
                    "insert into party values (101, 'person', 'new', 'b'), (102, 'company', 'new', " + LARGE + ")",
                    "insert into party values (103, 'nobody', 'new', 'b')",
                    "update party set name = 'changed' where id in (1, 2, 3)",
                    "update party set kind = 'company' where id = 4",
                    "update party set kind = 'person' where id = 5",
                    "update party set kind = 'nobody' where id = 6",
                    "update party set kind = 'person' where id = 7",
                    "update party set id = 104 where id = 8",
                    "update party set id = 105, kind = 'person' where id = 9",
                    "delete from party where id in (10, 11, 12)",
                    "begin; update party set kind = 'person' where id = 13; update party set kind = 'company' where id = 13; "
                            + "update party set name = 'twice' where id = 13; commit",
                    "begin; delete from party where id = 14; insert into party values (14, 'person', 'again', 'b'); commit"),
            SplitTableTest::assertSplit);

    @Parameter
    int blueMajor;

    private Replica replica() {
        Replica replica = new Replica(ServerPair.shared(blueMajor, 18), MAPPING, BLUE, GREEN);
        replica.connect();
        return replica;
    }

    private static void fill(Replica replica) {
        replica.onBlue("insert into party select i, (array['person', 'company', 'nobody'])[1 + i % 3], 'n' || i, "
                + "case when i % 2 = 0 then " + LARGE + " else 'b' end from generate_series(1, 60) i");
    }

    private static void assertSplit(Replica replica) {
        assertThat(replica.rows(
                        replica.green, "select x::text from (select id, name, md5(body) from person) x order by 1"))
                .isEqualTo(
                        replica.rows(
                                replica.blue,
                                "select x::text from (select id, name, md5(body) from party where kind = 'person') x order by 1"));
        assertThat(replica.rows(
                        replica.green,
                        "select x::text from (select number, title, md5(body) from company) x order by 1"))
                .isEqualTo(replica.rows(
                        replica.blue,
                        "select x::text from (select id + 1000000, upper(name), md5(body) from party"
                                + " where kind = 'company') x order by 1"));
    }

    @Test
    void everyChangeGoesWhereItsRowBelongs() throws Exception {
        try (Replica replica = replica()) {
            CHANGES.eachByItself(replica);
        }
    }

    @Test
    void allOfItInOneWindowComesToTheSame() throws Exception {
        try (Replica replica = replica()) {
            CHANGES.inOneWindow(
                    replica, "begin; truncate party; insert into party values (1, 'person', 'after', 'b'); commit");
        }
    }

    @Test
    void itIsCopiedWholeWhileItsRowsChange() throws Exception {
        try (Replica replica = filled()) {
            CHANGES.duringCopy(replica, replica::wholeTables);
        }
    }

    @Test
    void itIsCopiedInRangesWhileItsRowsChange() throws Exception {
        try (Replica replica = filled()) {
            CHANGES.duringCopy(replica, replica::keyRanges);
        }
    }

    private Replica filled() {
        Replica replica = replica();
        fill(replica);
        replica.onBlue("insert into party select i, (array['person', 'company', 'nobody'])[1 + i % 3], 'n', 'b'"
                + " from generate_series(1001, 6000) i; analyze party");
        return replica;
    }

    @Test
    void withoutConditionsOneRowBecomesARowInEachTable() throws Exception {
        MappingSpec both = Rules.from("party", "person")
                .column("id", "s.id")
                .column("name", "s.name")
                .and("party", "company")
                .column("number", "s.id")
                .column("title", "s.name")
                .column("body", "s.body")
                .spec();
        Replica opened = new Replica(
                ServerPair.shared(blueMajor, 18),
                both,
                "create table party (id int primary key, kind text, name text, body text);",
                GREEN);
        opened.reversible = false;
        opened.connect();
        try (Replica replica = opened) {
            ApplyLane lane = replica.stream();
            fill(replica);
            replica.onBlue("update party set name = 'large stays' where id < 10");
            replica.onBlue("update party set id = 200 + id where id between 10 and 20");
            replica.onBlue("delete from party where id between 30 and 40");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select id || ' ' || name from person order by 1"))
                    .isEqualTo(replica.rows(replica.blue, "select id || ' ' || name from party order by 1"));
            assertThat(replica.rows(
                            replica.green, "select number || ' ' || title || ' ' || md5(body) from company order by 1"))
                    .isEqualTo(replica.rows(
                            replica.blue, "select id || ' ' || name || ' ' || md5(body) from party order by 1"));
        }
    }

    /** Keys that differ on blue are one on green when the part says the rest. */
    @Test
    void aRowOfOnePartDoesNotTakeThePlaceOfOneOfAnother() throws Exception {
        MappingSpec mapping = Rules.from("things", "a_things")
                .where("s.kind = 'a'")
                .column("id", "s.id")
                .column("v", "s.v")
                .and("things", "b_things")
                .where("s.kind = 'b'")
                .column("id", "s.id")
                .column("v", "s.v")
                .spec();
        try (Replica replica = new Replica(
                ServerPair.shared(blueMajor, 18),
                mapping,
                "create table things (id int, kind text, v int, primary key (id, kind));",
                "create table a_things (id int primary key, v int, extra text);"
                        + " create table b_things (id int primary key, v int)")) {
            replica.reversible = false;
            replica.connect();
            ApplyLane lane = replica.stream();
            for (String change : List.of(
                    "insert into things select n, 'a', n from generate_series(1, 9) n",
                    "insert into things select n, 'b', -n from generate_series(1, 9) n",
                    "update things set v = 100 where kind = 'b'",
                    "delete from things where id in (1, 2) and kind = 'b'",
                    "update things set id = 11 where id = 3 and kind = 'b'",
                    "update things set id = 14, kind = 'a' where id = 4 and kind = 'b'",
                    "delete from things where id in (5, 6) and kind = 'a'",
                    "begin; update things set kind = 'c' where id = 7 and kind = 'a';"
                            + " update things set kind = 'a' where id = 7 and kind = 'b'; commit",
                    "begin; delete from things where id = 8; insert into things values (8, 'a', 8); commit")) {
                replica.onBlue(change);
                replica.drain(lane);
                for (String kind : List.of("a", "b")) {
                    assertThat(replica.rows(replica.green, "select id || ' ' || v from " + kind + "_things order by 1"))
                            .as(kind + " after " + change)
                            .isEqualTo(replica.rows(
                                    replica.blue,
                                    "select id || ' ' || v from things where kind = '" + kind + "' order by 1"));
                }
            }
        }
    }
}
