package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.MappingSpec;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** One row becomes many, and fewer again. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class ExpandedRowsTest {
    private static final String LARGE = "(select array_agg(md5(random()::text)) from generate_series(1, 300))";

    private static final String BLUE = """
            create table item (id int primary key, name text, tags text[], lines jsonb);
            alter table item replica identity full;
            """;

    private static final String GREEN = """
            create table product (id int primary key, name text);
            create table product_tag (product_id bigint, position int, tag text not null, name text,
                                      extra text default 'none', primary key (product_id, position));
            create table product_line (product_id int, sku text, quantity int, primary key (product_id, sku));
            """;

    private static final MappingSpec MAPPING = Rules.from("item", "product")
            .column("id", "s.id")
            .column("name", "s.name")
            .and("item", "product_tag")
            .expand("unnest(s.tags) with ordinality as x(tag, place)")
            .column("product_id", "s.id")
            .column("position", "x.place::int")
            .column("tag", "upper(x.tag)")
            .column("name", "s.name")
            .and("item", "product_line")
            .where("s.name is not null")
            .expand("jsonb_to_recordset(s.lines) as x(sku text, qty int)")
            .column("product_id", "s.id")
            .column("sku", "sku")
            .column("quantity", "qty * 10")
            .spec();

    private static final FormChanges CHANGES = new FormChanges(
            ExpandedRowsTest::fill,
            List.of(
                    "insert into item values (101, 'new', '{a,b,c}', '[{\"sku\":\"A\",\"qty\":1}]')",
                    "insert into item values (102, 'new', '{}', '[]'), (103, 'new', null, null), (104, null, '{x}', '[{\"sku\":\"X\"}]')",
                    "update item set tags = '{one}' where id = 1",
                    "update item set tags = tags || '{more}' || tags where id = 2",
                    "update item set tags = '{}' where id = 3",
                    "update item set tags = null where id = 4",
                    "update item set name = 'large stays' where id in (5, 6)",
                    "update item set lines = '[{\"sku\":\"B\",\"qty\":2},{\"sku\":\"C\",\"qty\":3}]' where id = 7",
                    "update item set name = null where id = 8",
                    "update item set name = 'again' where id = 8",
                    "update item set id = 105 where id = 9",
                    "update item set id = 106, tags = '{moved}' where id = 10",
                    "begin; update item set tags = '{a}' where id = 11; update item set tags = '{b,c}' where id = 11; commit",
                    "begin; delete from item where id = 12; insert into item values (12, 'again', '{z}', null); commit",
                    "begin; update item set id = -1 where id = 13; update item set id = 13 where id = 14; "
                            + "update item set id = 14 where id = -1; commit",
                    "delete from item where id in (15, 16)"),
            ExpandedRowsTest::assertExpanded);

    @Parameter
    int blueMajor;

    private Replica replica(MappingSpec mapping, String blue, String green) {
        Replica replica = new Replica(ServerPair.shared(blueMajor, 18), mapping, blue, green);
        replica.reversible = false;
        replica.connect();
        return replica;
    }

    private Replica replica() {
        return replica(MAPPING, BLUE, GREEN);
    }

    private static void fill(Replica replica) {
        replica.onBlue("insert into item select i, 'n' || i, case when i % 3 = 0 then " + LARGE
                + " else array['t' || i, 'u'] end, jsonb_build_array(jsonb_build_object('sku', 'S' || i, 'qty', i))"
                + " from generate_series(1, 40) i");
    }

    private static void assertExpanded(Replica replica) {
        assertSame(replica, "select id, name from product", "select id, name from item");
        assertSame(
                replica,
                "select product_id, position, tag, name from product_tag",
                "select id, place, upper(tag), name from item, unnest(tags) with ordinality as x(tag, place)");
        assertSame(
                replica,
                "select product_id, sku, quantity from product_line",
                "select id, sku, qty * 10 from item, jsonb_to_recordset(lines) as x(sku text, qty int)"
                        + " where name is not null");
    }

    private static void assertSame(Replica replica, String green, String blue) {
        assertThat(replica.rows(replica.green, "select x::text from (" + green + ") x order by 1"))
                .isEqualTo(replica.rows(replica.blue, "select x::text from (" + blue + ") x order by 1"));
    }

    @Test
    void everyChangeChangesTheNumberOfRows() throws Exception {
        try (Replica replica = replica()) {
            CHANGES.eachByItself(replica);
        }
    }

    @Test
    void allOfItInOneWindowComesToTheSame() throws Exception {
        try (Replica replica = replica()) {
            CHANGES.inOneWindow(
                    replica, "begin; truncate item; insert into item values (1, 'after', '{a}', null); commit");
        }
    }

    @Test
    void itIsCopiedWholeWhileRowsChange() throws Exception {
        try (Replica replica = filled()) {
            CHANGES.duringCopy(replica, replica::wholeTables);
        }
    }

    @Test
    void itIsCopiedInRangesWhileRowsChange() throws Exception {
        try (Replica replica = filled()) {
            CHANGES.duringCopy(replica, replica::keyRanges);
        }
    }

    private Replica filled() {
        Replica replica = replica();
        fill(replica);
        replica.onBlue(
                "insert into item select i, 'n', '{a,b}', null from generate_series(1001, 6000) i; analyze item");
        return replica;
    }

    @Test
    void rowsThatStayKeepWhatNothingFeeds() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into item values (1, 'n', '{a,b}', null)");
            replica.drain(lane);
            replica.onGreen("update product_tag set extra = 'touched'");
            replica.onBlue("update item set tags = '{a,changed,new}' where id = 1");
            replica.drain(lane);
            assertThat(replica.rows(replica.green, "select position || tag || extra from product_tag order by 1"))
                    .containsExactly("1Atouched", "2CHANGEDtouched", "3NEWnone");
        }
    }

    /** Nothing but the large value is read beside the key, so an update that does not carry it has not changed it. */
    @Test
    void withoutFullIdentityALargeValueThatIsLeftAloneNeedsNotToBeCarried() throws Exception {
        MappingSpec mapping = Rules.from("item", "product_tag")
                .expand("unnest(s.tags) with ordinality as x(tag, place)")
                .column("product_id", "s.id")
                .column("position", "place")
                .column("tag", "x.tag")
                .spec();
        try (Replica replica =
                replica(mapping, "create table item (id int primary key, name text, tags text[]);", GREEN)) {
            replica.onBlue("insert into item select i, 'n', " + LARGE + " from generate_series(1, 5) i");
            ApplyLane lane = replica.stream();
            replica.onBlue("update item set name = 'changed' where id = 1");
            replica.onBlue("update item set id = 12 where id = 2");
            replica.onBlue("begin; update item set name = 'x' where id = 3; update item set id = 13 where id = 3; "
                    + "update item set tags = '{small}' where id = 13; commit");
            replica.onBlue("begin; update item set id = 14 where id = 4; delete from item where id = 14; commit");
            replica.drain(lane);
            assertSame(
                    replica,
                    "select product_id, position, tag from product_tag",
                    "select id, place, tag from item, unnest(tags) with ordinality as x(tag, place)");
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void aRowWhosePartsHaveTheSameKeyStopsTheStreamByName() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            replica.onBlue(
                    "insert into item values (1, 'n', null, '[{\"sku\":\"A\",\"qty\":1},{\"sku\":\"A\",\"qty\":2}]')");
            Await.until(
                    "the stream stops",
                    Replica.PATIENCE,
                    () -> lane.status().fault().isPresent());
            assertThat(lane.status().fault().map(Fault::code)).contains(FaultCode.ROW_REFUSED);
            assertThat(lane.status().fault().map(Fault::detail).orElse("")).contains("row [1] of public.item");
            assertThat(replica.value(replica.green, "select count(*) from product"))
                    .isEqualTo("0");
        }
    }
}
