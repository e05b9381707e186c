package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.MappingSpec;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import org.junit.jupiter.api.Test;

/** What of many rows on green one row of blue cannot hold, and what blue remembers of them meanwhile. */
class GatheredLossesTest {
    private static final MappingSpec MAPPING = Rules.from("items", "product")
            .column("id", "s.id")
            .and("items", "product_tag")
            .expand("unnest(s.tags) with ordinality as x(tag, position)")
            .column("product", "s.id")
            .column("position", "x.position::int")
            .column("tag", "x.tag")
            .inverse("tags", "coalesce(array_agg(t.tag order by t.position), '{}')")
            .spec();

    private static Replica replica() {
        Replica replica = new Replica(ServerPair.shared(14, 18), MAPPING, """
                create table items (id int primary key, tags text[] not null default '{}');
                alter table items replica identity full;
                insert into items values (1, '{a,b,c}'), (2, '{d}'), (3, '{}')
                """, """
                create table product (id int primary key);
                create table product_tag (product int, position int, tag text not null, extra text,
                    primary key (product, position));
                alter table product_tag replica identity full;
                insert into product values (1), (2), (3);
                insert into product_tag values (1, 1, 'a'), (1, 2, 'b'), (1, 3, 'c'), (2, 1, 'd')
                """);
        replica.connect();
        return replica;
    }

    private static void after(Replica replica, ApplyLane lane, String statement, String tags, String... lossy)
            throws Exception {
        replica.onGreen(statement);
        replica.drainBack(lane);
        assertThat(replica.value(replica.blue, "select string_agg(id || tags::text, ' ' order by id) from items"))
                .as(statement)
                .isEqualTo(tags);
        assertThat(replica.rows(replica.blue, "select target || key from viridian.lossy order by 1"))
                .as(statement)
                .containsExactly(lossy);
        assertThat(lane.status().lossy()).as(statement).isEqualTo(lossy.length);
    }

    private static String tags(int product) {
        return "\"public\".\"product_tag\"{" + product + "}";
    }

    @Test
    void aRowIsNotedOfWhichTheRuleWouldMakeOthers() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.wayBack();
            after(replica, lane, "update product_tag set tag = 'B' where tag = 'b'", "1{a,B,c} 2{d} 3{}");
            after(replica, lane, "update product_tag set extra = 'x'", "1{a,B,c} 2{d} 3{}");
            after(replica, lane, "delete from product_tag where tag = 'B'", "1{a,c} 2{d} 3{}", tags(1));
            after(
                    replica,
                    lane,
                    "insert into product_tag values (3, 7, 'seventh')",
                    "1{a,c} 2{d} 3{seventh}",
                    tags(1),
                    tags(3));
            after(
                    replica,
                    lane,
                    "update product_tag set tag = 'C' where tag = 'c'",
                    "1{a,C} 2{d} 3{seventh}",
                    tags(1),
                    tags(3));
            after(
                    replica,
                    lane,
                    "update product_tag set position = 2 where product = 1 and position = 3",
                    "1{a,C} 2{d} 3{seventh}",
                    tags(3));
            after(
                    replica,
                    lane,
                    "insert into product_tag values (9, 1, 'of nobody')",
                    "1{a,C} 2{d} 3{seventh}",
                    tags(3),
                    tags(9));
            after(replica, lane, "delete from product_tag where product = 9", "1{a,C} 2{d} 3{seventh}", tags(3));
            after(replica, lane, "truncate product_tag", "1{} 2{} 3{}");
        }
    }

    @Test
    void anotherDaemonKnowsWhatIsNotedAndRemembered() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.wayBack();
            after(replica, lane, "delete from product_tag where tag = 'b'", "1{a,c} 2{d} 3{}", tags(1));
            lane.stop();
            ApplyLane next = replica.laneBack();
            after(replica, next, "insert into product_tag values (1, 2, 'B')", "1{a,B,c} 2{d} 3{}");
        }
    }

    @Test
    void whatWasRememberedBeforeAnEarlierSwitchIsForgotten() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.wayBack();
            after(replica, lane, "update product_tag set tag = 'D' where tag = 'd'", "1{a,b,c} 2{D} 3{}");
            lane.stop();
            replica.onBlue(
                    "update viridian.ownership set epoch = epoch + 2; update items set tags = '{x,y}' where id = 2");
            replica.onGreen("begin; update viridian.ownership set epoch = epoch + 2; commit");
            ApplyLane next = replica.laneBack();
            after(replica, next, "insert into product_tag values (2, 3, 'z')", "1{a,b,c} 2{x,y,z} 3{}");
            assertThat(replica.value(replica.blue, "select count(distinct epoch) from viridian.stash"))
                    .isEqualTo("1");
        }
    }
}
