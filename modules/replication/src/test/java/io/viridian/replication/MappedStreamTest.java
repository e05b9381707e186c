package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.MappingSpec;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that change their shape on the way: names, expressions, filters, columns that green computes itself. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class MappedStreamTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    @Parameter
    int blueMajor;

    private Replica replica(MappingSpec mapping, String blueSchema, String greenSchema) {
        Replica replica = new Replica(ServerPair.shared(blueMajor, 18), mapping, blueSchema, greenSchema);
        replica.connect();
        return replica;
    }

    private static void assertGreenIs(Replica replica, String green, String blue) {
        assertThat(replica.rows(replica.green, "select x::text from (" + green + ") as x order by 1"))
                .isEqualTo(replica.rows(replica.blue, "select x::text from (" + blue + ") as x order by 1"));
    }

    @Test
    void aTableIsRenamedAndItsColumnsAreComputed() throws Exception {
        MappingSpec mapping = Rules.from("customer", "crm.client")
                .column("client_id", "s.id::bigint")
                .column("name", "trim(s.first) || ' ' || upper(s.last)")
                .column("cents", "(price * 100)::bigint")
                .column("tags", "string_to_array(s.tags, ',')")
                .column("whole", "to_jsonb(s.*)")
                .column("origin", "'blue'")
                .inverse("price", "t.cents / 100.0")
                .inverse("first", "t.name")
                .inverse("last", "t.name")
                .inverse("tags", "t.name")
                .spec();
        try (Replica replica = replica(
                mapping,
                "create table customer (id int primary key, first text, last text, price numeric(10, 2), tags text); "
                        + "alter table customer replica identity full",
                "create schema crm; create table crm.client (client_id bigint primary key, name text, cents bigint, "
                        + "tags text[], whole jsonb, origin text not null)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue(
                    "insert into customer select i, ' f' || i, 'l' || i, i * 1.25, 'a,b' from generate_series(1, 9) as i");
            replica.onBlue("update customer set last = null where id = 1");
            replica.onBlue("update customer set first = 'x', tags = null where id = 2");
            replica.onBlue("update customer set id = 30 where id = 3");
            replica.onBlue("delete from customer where id = 4");
            replica.drain(lane);
            assertGreenIs(
                    replica,
                    "select * from crm.client",
                    "select s.id::bigint, trim(s.first) || ' ' || upper(s.last), (price * 100)::bigint, "
                            + "string_to_array(s.tags, ','), to_jsonb(s.*), 'blue'::text from customer as s");
        }
    }

    @Test
    void anExpressionOverALargeValueKeepsItsResultWhenTheValueIsLeftAlone() throws Exception {
        MappingSpec mapping = Rules.from("doc", "document")
                .column("id", "s.id")
                .column("size", "length(s.body)")
                .column("content", "upper(s.body)")
                .column("title", "s.title")
                .inverse("body", "lower(t.content)")
                .spec();
        String expected = "select s.id, length(s.body), upper(s.body), s.title from doc as s";
        try (Replica replica = replica(
                mapping,
                "create table doc (id int primary key, body text, title int)",
                "create table document (id int primary key, size int, content text, title int)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into doc select i, " + LARGE + ", i from generate_series(1, 4) as i");
            replica.onBlue("update doc set title = 10 where id = 1");
            replica.onBlue(
                    "begin; update doc set title = 20 where id = 2; update doc set id = 22 where id = 2; commit");
            replica.onBlue("update doc set id = 33, title = 30 where id = 3");
            replica.onBlue("update doc set body = 'short' where id = 4");
            replica.drain(lane);
            assertGreenIs(replica, "select * from document", expected);
        }
    }

    @Test
    void rowsEnterAndLeaveTheFilter() throws Exception {
        MappingSpec mapping = Rules.from("task", "open_task")
                .where("s.state <> 'done' and s.weight is not null")
                .column("id", "s.id")
                .column("body", "s.body")
                .column("weight", "s.weight")
                .inverse("state", "'open'")
                .spec();
        String expected = "select id, body, weight from task where state <> 'done' and weight is not null";
        try (Replica replica = replica(
                mapping,
                "create table task (id int primary key, state text not null, weight int, body text); "
                        + "alter table task replica identity full",
                "create table open_task (id int primary key, body text, weight int, seen text default 'no')")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into task select i, case when i % 2 = 0 then 'done' else 'open' end, i, " + LARGE
                    + " from generate_series(1, 20) as i");
            replica.drain(lane);
            assertGreenIs(replica, "select id, body, weight from open_task", expected);
            replica.onGreen("update open_task set seen = 'yes'");
            replica.onBlue("update task set state = 'open' where id in (2, 4)");
            replica.onBlue("update task set state = 'done' where id in (1, 3)");
            replica.onBlue("update task set weight = null where id = 5");
            replica.onBlue("update task set weight = weight + 1 where id in (6, 7)");
            replica.onBlue("update task set id = 108, state = 'open' where id = 8");
            replica.onBlue("update task set id = 109, state = 'done' where id = 9");
            replica.onBlue("update task set id = 110 where id = 10");
            replica.onBlue("update task set id = 111 where id = 11");
            replica.onBlue("delete from task where id in (12, 13)");
            replica.onBlue(
                    "begin; update task set state = 'open' where id = 14; update task set state = 'done' where id = 14; commit");
            replica.onBlue(
                    "begin; update task set state = 'done' where id = 15; update task set state = 'open' where id = 15; commit");
            replica.drain(lane);
            assertGreenIs(replica, "select id, body, weight from open_task", expected);
            assertThat(replica.rows(replica.green, "select id from open_task where seen = 'yes' order by id"))
                    .as("rows that never left")
                    .containsExactly("7", "15", "17", "19", "111");
        }
    }

    @Test
    void greenComputesItsOwnGeneratedColumnsAndTakesIdentityValues() throws Exception {
        String blue = "create table t (id int generated by default as identity primary key, a int, "
                + "double_a int generated always as (a * 2) stored)";
        String green = "create table t (id int generated always as identity primary key, a int, "
                + "double_a int generated always as (a * 2) stored)";
        try (Replica replica = replica(MappingSpec.everythingAsItIs(), blue, green)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t (a) values (1), (2), (3)");
            replica.onBlue("update t set a = 20 where a = 2");
            replica.drain(lane);
            replica.onBlue("update t set id = 100 where a = 3");
            replica.onBlue("begin; update t set id = -1 where id = 1; update t set id = 1 where id = 100; "
                    + "update t set id = 100 where id = -1; commit");
            replica.drain(lane);
            replica.assertSame("t");
            assertThat(replica.value(replica.green, "select sum(double_a) from t"))
                    .isEqualTo("48");
        }
    }

    /** PostgreSQL lets nobody update such a column, but for an insert that overrides it. */
    @Test
    void identityColumnsThatAreAlwaysGeneratedHoldWhatTheSourceHas() throws Exception {
        String schema = "create table t (id int primary key, n int generated always as identity, v int unique, "
                + "body text, w int); alter table t alter body set storage external";
        try (Replica replica = replica(MappingSpec.everythingAsItIs(), schema, schema)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t (id, v, body) select i, i, repeat('x', 5000) from generate_series(1, 9) i");
            replica.drain(lane);
            replica.onBlue("update t set v = 20 where id = 2");
            replica.onBlue("update t set w = 1, body = 'short' where id = 3");
            replica.onBlue("update t set n = default where id in (4, 5)");
            replica.onBlue("update t set id = 60, n = default where id = 6");
            replica.onBlue("delete from t where id = 7");
            replica.drain(lane);
            replica.onBlue("begin; update t set id = 90, v = -1 where id = 8; update t set id = 8, v = 8 where id = 9; "
                    + "update t set id = 9, v = 9 where id = 90; commit");
            replica.onBlue("begin; insert into t (id, v) values (10, 10); update t set w = 5 where id = 10; "
                    + "update t set v = 30 where id = 1; update t set v = 1 where id = 10; commit");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void keyColumnsInAnotherOrderThanTheTableNameTheSameRow() throws Exception {
        String schema = "create table t (a int, b text, v int, c int, primary key (c, a, b))";
        try (Replica replica = replica(MappingSpec.everythingAsItIs(), schema, schema)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t select i, 'b' || i, i, 100 - i from generate_series(1, 9) as i");
            replica.onBlue("update t set v = v + 1 where a < 5");
            replica.onBlue("update t set c = a, a = c where a > 7");
            replica.onBlue("delete from t where a = 6");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void aTableOfNothingButItsKeyIsInsertedAndDeleted() throws Exception {
        String schema = "create table t (a int, b int, primary key (a, b))";
        try (Replica replica = replica(MappingSpec.everythingAsItIs(), schema, schema)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t select i, i from generate_series(1, 9) as i");
            replica.onBlue("begin; delete from t where a = 1; insert into t values (1, 1); commit");
            replica.onBlue("update t set b = 20 where a = 2");
            replica.onBlue("delete from t where a = 3");
            replica.drain(lane);
            replica.assertSame("t");
        }
    }

    @Test
    void aRowThatGreenRefusesStopsTheStreamAndIsNamedWithColumnTypeAndExpression() throws Exception {
        String blue = "create table t (id int primary key, v text)";
        String green = "create table t (id int primary key, v varchar(5))";
        try (Replica replica = replica(MappingSpec.everythingAsItIs(), blue, green)) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into t values (1, 'short')");
            replica.drain(lane);
            replica.onBlue("begin; insert into t values (2, 'ok'), (77, 'too long'), (3, 'ok'); commit");
            Fault fault = standing(lane);
            assertThat(fault.code()).isEqualTo(FaultCode.ROW_REFUSED);
            assertThat(fault.object()).isEqualTo("public.t.v");
            assertThat(fault.detail())
                    .startsWith("row [77] of public.t does not fit public.t.v (character varying(5)), which is fed by"
                            + " s.\"v\" of v text: green said: value too long for type character varying(5)");
            assertThat(replica.rows(replica.green, "select id from t")).containsExactly("1");
            lane.stop();
            replica.onGreen("alter table t alter v type text");
            replica.drain(replica.stream());
            replica.assertSame("t");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'two', 0, 'b'   | does not fit public.product.share (integer), which is fed by 100 / s.parts of parts int4: green said: division by zero
            null, 1, 'b'    | does not fit public.product.name (text not null), which is fed by upper(s.title) of title text: green said: null value
            'two', 1, 'one' | row [2] of public.item: green said: duplicate key value violates unique constraint "product_code_key"
            """)
    void theColumnThatRefusesIsFoundAmongComputedOnes(String values, String told) throws Exception {
        MappingSpec mapping = Rules.from("item", "product")
                .column("id", "s.id")
                .column("name", "upper(s.title)")
                .column("share", "100 / s.parts")
                .column("code", "s.code")
                .inverse("title", "t.name")
                .inverse("parts", "1")
                .spec();
        try (Replica replica = replica(
                mapping,
                "create table item (id int primary key, title text, parts int, code text)",
                "create table product (id int primary key, name text not null, share int, code text unique)")) {
            ApplyLane lane = replica.stream();
            replica.onBlue("insert into item values (1, 'one', 1, 'one')");
            replica.drain(lane);
            replica.onBlue("insert into item values (2, " + values + ")");
            assertThat(standing(lane).detail()).contains("row [2] of public.item", told);
            assertThat(replica.rows(replica.green, "select id from product")).containsExactly("1");
        }
    }

    private static Fault standing(ApplyLane lane) throws InterruptedException {
        Await.until(
                "the lane stands still",
                Replica.PATIENCE,
                () -> lane.status().fault().isPresent());
        return lane.status().fault().orElseThrow();
    }

    @Test
    void statementsThatTheDriverHasPreparedSurviveDdlOnGreen() throws Exception {
        String schema = "create table t (id int primary key, v int)";
        try (Replica replica = replica(MappingSpec.everythingAsItIs(), schema, schema)) {
            ApplyLane lane = replica.stream();
            for (int round = 0; round < 12; round++) {
                replica.onBlue("insert into t values (" + round + ", 0)");
                replica.onBlue("update t set v = v + 1");
                replica.drain(lane);
                if (round == 7) {
                    replica.onGreen("alter table t alter v type bigint; create index on t (v); "
                            + "alter table t add extra text default 'x'");
                }
            }
            assertGreenIs(replica, "select id, v from t", "select id, v from t");
        }
    }
}
