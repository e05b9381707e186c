package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Each form of a mapping in reverse: whatever is done on green, blue has what the inverses say of green's rows. */
@ParameterizedClass(name = "from 18 to {0}")
@ValueSource(ints = {14, 18})
class WayBackTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    @Parameter
    int blueMajor;

    /** A form: both schemas, a mapping, and what an application of the new schema does. */
    private record Form(String name, String blue, String green, MappingSpec mapping, List<String> statements) {}

    private static final Form COMPUTED = new Form(
            "computed columns, a filter and a shifted key",
            """
            create table items (id int primary key, title text not null, price numeric(10, 2) not null,
                archived boolean not null default false, body text);
            alter table items replica identity full
            """,
            """
            create table product (number bigint primary key, name text not null, cents bigint not null, body text,
                extra text)
            """,
            Rules.from("items", "product")
                    .where("not s.archived")
                    .column("number", "s.id + 1000")
                    .column("name", "s.title")
                    .column("cents", "(s.price * 100)::bigint")
                    .column("body", "s.body")
                    .inverse("id", "(t.number - 1000)::int")
                    .inverse("title", "t.name")
                    .inverse("price", "t.cents / 100.0")
                    .inverse("archived", "false")
                    .spec(),
            List.of(
                    "insert into product select 1000 + n, 'n' || n, n * 10, " + LARGE
                            + " from generate_series(1, 50) n",
                    "insert into product values (2000, 'one', 5, null, 'x')",
                    "update product set cents = cents + 1",
                    "update product set name = upper(name), extra = 'y' where number % 2 = 0",
                    "update product set body = 'small' where number % 3 = 0",
                    "update product set number = number + 5000 where number <= 1010",
                    "update product set number = number + 1 where number = 1050",
                    "update product set number = number - 5000, name = 'moved', body = " + LARGE
                            + " where number = 6001",
                    "begin; update product set number = 1 where number = 1011;"
                            + " update product set number = 1011 where number = 1012;"
                            + " update product set number = 1012 where number = 1; commit",
                    "begin; delete from product where number = 1013; insert into product values (1013, 'again', 1); commit",
                    "delete from product where number % 5 = 0",
                    "truncate product",
                    "insert into product values (1001, 'after', 1)",
                    "delete from product"));

    private static final Form MERGED = new Form(
            "two tables that are one on green",
            """
            create table items (id int primary key, title text not null, body text);
            create table services (id int primary key, label text not null, hours int not null default 1);
            """,
            """
            create table article (id int, kind text, title text not null, body text, primary key (id, kind));
            alter table article replica identity full
            """,
            Rules.from("items", "article")
                    .column("id", "s.id")
                    .column("kind", "'item'")
                    .column("title", "s.title")
                    .column("body", "s.body")
                    .and("services", "article")
                    .column("id", "s.id")
                    .column("kind", "'service'")
                    .column("title", "s.label")
                    .column("body", "s.hours::text")
                    .inverse("hours", "coalesce(t.body, '1')::int")
                    .spec(),
            List.of(
                    "insert into article select n, 'item', 't' || n, " + LARGE + " from generate_series(1, 30) n",
                    "insert into article select n, 'service', 'l' || n, n from generate_series(1, 30) n",
                    "update article set title = title || '!'",
                    "update article set body = '7' where id % 3 = 0 and kind = 'service'",
                    "update article set body = 'b' where id % 3 = 0 and kind = 'item'",
                    "delete from article where id = 5",
                    "update article set kind = 'service', id = id + 100, body = '9' where kind = 'item' and id in (3, 6)",
                    "update article set kind = 'item', id = id + 200, body = 'was a service' where kind = 'service' and id in (1, 2)",
                    "update article set id = id + 1000 where kind = 'item' and id < 20",
                    "begin; delete from article where id = 30 and kind = 'item';"
                            + " insert into article values (30, 'item', 'again', 'b'); commit",
                    "insert into article values (1, 'neither', 'stays on green', null)",
                    "update article set kind = 'item' where kind = 'neither'",
                    "update article set kind = 'neither' where kind = 'item' and id = 1",
                    "truncate article",
                    "insert into article values (1, 'service', 'after', '3')",
                    "delete from article"));

    private static final Form SPLIT = new Form(
            "a table that is two on green",
            """
            create table party (id int primary key, kind text not null, name text, body text);
            alter table party replica identity full
            """,
            """
            create table person (id int primary key, name text, body text);
            create table company (number bigint primary key, title text, body text);
            alter table person replica identity full;
            alter table company replica identity full
            """,
            Rules.from("party", "person")
                    .where("s.kind = 'person'")
                    .column("id", "s.id")
                    .column("name", "s.name")
                    .column("body", "s.body")
                    .inverse("kind", "'person'")
                    .and("party", "company")
                    .where("s.kind = 'company'")
                    .column("number", "s.id + 1000")
                    .column("title", "upper(s.name)")
                    .column("body", "s.body")
                    .inverse("id", "(t.number - 1000)::int")
                    .inverse("kind", "'company'")
                    .inverse("name", "lower(t.title)")
                    .spec(),
            List.of(
                    "insert into person select n, 'n' || n, " + LARGE + " from generate_series(1, 20) n",
                    "insert into company select n + 1000, 'T' || n, 'b' from generate_series(21, 40) n",
                    "update person set name = name || '!'",
                    "update company set body = " + LARGE,
                    "update company set title = 'X' where number % 2 = 0",
                    "update person set id = id + 500 where id < 4",
                    "update company set number = number + 500 where number < 1024",
                    "begin; delete from person where id = 5; insert into company values (1005, 'WAS ANN', 'b'); commit",
                    "begin; insert into person values (25, 'was a company', 'b'); delete from company where number = 1025; commit",
                    "begin; delete from person where id = 6; insert into person values (6, 'again', 'b'); commit",
                    "delete from company where number > 1530",
                    "truncate company",
                    "delete from person",
                    "insert into company values (1001, 'AFTER', 'b')",
                    "delete from company"));

    private static final Form PARTS = new Form(
            "a table whose columns go into three",
            """
            create table customers (id int primary key, name text not null, email text, street text, town text, note text);
            alter table customers replica identity full
            """,
            """
            create table customer (id bigint primary key, name text not null, email text);
            create table address (customer_id bigint primary key, street text, town text);
            create table note (customer_id int primary key, words text);
            alter table address replica identity full;
            alter table note replica identity full
            """,
            Rules.from("customers", "customer")
                    .column("id", "s.id")
                    .column("name", "s.name")
                    .column("email", "s.email")
                    .inverse("id", "t.id::int")
                    .and("customers", "address")
                    .where("s.street is not null or s.town is not null")
                    .column("customer_id", "s.id")
                    .column("street", "upper(s.street)")
                    .column("town", "s.town")
                    .inverse("id", "t.customer_id::int")
                    .inverse("street", "lower(t.street)")
                    .and("customers", "note")
                    .where("s.note is not null")
                    .column("customer_id", "s.id")
                    .column("words", "s.note")
                    .spec(),
            List.of(
                    "insert into customer select n, 'c' || n, 'e' || n from generate_series(1, 30) n",
                    "insert into address select n, 'STREET ' || n, 'town' from generate_series(1, 25) n",
                    "insert into note select n, " + LARGE + " from generate_series(5, 30) n",
                    "update customer set name = upper(name) where id % 2 = 0",
                    "update address set town = null where customer_id % 3 = 0",
                    "update address set street = null where customer_id % 4 = 0",
                    "update note set words = 'short' where customer_id < 10",
                    "delete from address where customer_id in (1, 2)",
                    "delete from note where customer_id > 28",
                    "begin; insert into customer values (31, 'all', null); insert into address values (31, 'AT ONCE', 'x');"
                            + " insert into note values (31, 'words'); commit",
                    "begin; update customer set id = 41 where id = 6; update address set customer_id = 41 where customer_id = 6;"
                            + " update note set customer_id = 41 where customer_id = 6; commit",
                    "update address set customer_id = 1 where customer_id = 7",
                    "begin; delete from note where customer_id = 8; insert into note values (8, 'again'); commit",
                    "begin; delete from address where customer_id = 9; delete from note where customer_id = 9;"
                            + " delete from customer where id = 9; commit",
                    "begin; update customer set id = -1 where id = 10; update customer set id = 10 where id = 11;"
                            + " update customer set id = 11 where id = -1; update address set customer_id = -1 where customer_id = 10;"
                            + " update address set customer_id = 10 where customer_id = 11;"
                            + " update address set customer_id = 11 where customer_id = -1; commit",
                    "truncate note",
                    "delete from address",
                    "delete from customer"));

    private static final Form GATHERED = new Form(
            "a list that is rows on green",
            """
            create table items (id int primary key, name text not null, tags text[] not null default '{}',
                sizes jsonb);
            alter table items replica identity full
            """,
            """
            create table product (number bigint primary key, name text not null);
            create table product_tag (product bigint, position int, tag text, extra text, primary key (product, position));
            create table product_size (size text, product int, amount int not null, primary key (size, product));
            alter table product_tag replica identity full;
            alter table product_size replica identity full
            """,
            Rules.from("items", "product")
                    .column("number", "s.id + 1000")
                    .column("name", "s.name")
                    .inverse("id", "(t.number - 1000)::int")
                    .and("items", "product_tag")
                    .expand("unnest(s.tags) with ordinality as x(tag, place)")
                    .column("product", "s.id + 1000")
                    .column("position", "x.place::int")
                    .column("tag", "x.tag")
                    .inverse("id", "(t.product - 1000)::int")
                    .inverse("tags", "coalesce(array_agg(t.tag order by t.position), '{}')")
                    .and("items", "product_size")
                    .expand("jsonb_each_text(s.sizes) as z(size, amount)")
                    .column("size", "z.size")
                    .column("product", "s.id")
                    .column("amount", "z.amount::int")
                    .inverse("sizes", "jsonb_object_agg(t.size, t.amount order by t.size)")
                    .spec(),
            List.of(
                    "insert into product select 1000 + n, 'p' || n from generate_series(1, 30) n",
                    "insert into product_tag select 1000 + n, m, 'tag ' || m from generate_series(1, 20) n,"
                            + " generate_series(1, n % 4) m",
                    "insert into product_size select 's' || m, n, n * m from generate_series(1, 30) n,"
                            + " generate_series(1, n % 3) m",
                    "update product_tag set tag = upper(tag) where product % 2 = 0 and position = 2",
                    "update product_tag set extra = 'stays on green' where position = 1",
                    "update product_tag set tag = null where product = 1005",
                    "update product_tag set tag = " + LARGE + " where product = 1007",
                    "update product_tag set extra = 'again' where product = 1007",
                    "insert into product_tag values (1006, 9, 'after a gap')",
                    "update product_tag set position = 7 where product = 1006 and position = 1",
                    "delete from product_tag where position = 1 and product % 3 = 0",
                    "delete from product_tag where product = 1009",
                    "insert into product_tag values (1009, 1, 'first again')",
                    "update product_size set amount = amount + 1 where size = 's1'",
                    "begin; update product_tag set position = -1 where product = 1011 and position = 1;"
                            + " update product_tag set position = 1 where product = 1011 and position = 2;"
                            + " update product_tag set position = 2 where product = 1011 and position = -1; commit",
                    "begin; update product set number = 2000 where number = 1013;"
                            + " update product_tag set product = 2000 where product = 1013;"
                            + " update product_size set product = 1000 where product = 13; commit",
                    "update product_tag set product = 1015 where product = 1014 and position = 2"
                            + " and not exists (select from product_tag where product = 1015 and position = 2)",
                    "update product_tag set product = 1015, position = position + 10 where product = 1010",
                    "begin; insert into product values (1040, 'at once'); insert into product_tag values (1040, 1, 'a');"
                            + " insert into product_tag values (1040, 2, 'b'); insert into product_size values ('x', 40, 1); commit",
                    "begin; delete from product_tag where product = 1018; delete from product_size where product = 18;"
                            + " delete from product where number = 1018; commit",
                    "insert into product values (1018, 'again')",
                    "insert into product_tag values (1018, 1, 'again')",
                    "update product set name = upper(name)",
                    "truncate product_tag",
                    "insert into product_tag values (1001, 3, 'after')",
                    "delete from product_tag",
                    "delete from product_size",
                    "delete from product"));

    private static final Form KEYLESS = new Form(
            "rows without a key",
            "create table log (line text, took int); alter table log replica identity full",
            "create table entry (line text, seconds numeric); alter table entry replica identity full",
            Rules.from("log", "entry")
                    .column("line", "s.line")
                    .column("seconds", "s.took / 1000.0")
                    .inverse("took", "(t.seconds * 1000)::int")
                    .spec(),
            List.of(
                    "insert into entry select 'l' || n % 3, n % 2 from generate_series(1, 12) n",
                    "update entry set seconds = seconds + 1 where line = 'l1'",
                    "delete from entry where ctid = (select min(ctid) from entry where line = 'l0')",
                    "begin; insert into entry values ('x', 1); delete from entry where line = 'x'; commit",
                    "truncate entry",
                    "insert into entry values ('after', 2)",
                    "delete from entry"));

    private static final Form DERIVED = new Form(
            "a table that a query makes of two",
            """
            create table docs (id int primary key, title text not null);
            create table parts (id int primary key, doc int not null, name text, body text)
            """,
            """
            create table node (id text primary key, kind text not null, title text, owner int, body text);
            alter table node replica identity full
            """,
            derived(),
            List.of(
                    "insert into node select 'd' || n, 'doc', 't' || n, n from generate_series(1, 10) n",
                    "insert into node select 'p' || n, 'part', 'p' || n, n % 10, " + LARGE
                            + " from generate_series(1, 30) n",
                    "update node set title = upper(title)",
                    "update node set owner = 9 where kind = 'part' and owner = 3",
                    "update node set id = 'p7' || substr(id, 2) where kind = 'part' and id like 'p2%'",
                    "update node set kind = 'part', id = 'p' || substr(id, 2) || '00' where id = 'd4'",
                    "update node set kind = 'other' where id = 'd5'",
                    "update node set kind = 'doc' where id = 'd5'",
                    "delete from node where id in ('d6', 'p3')",
                    "begin; delete from node where id = 'p5'; insert into node values ('p5', 'part', 'again', 1); commit",
                    "truncate node",
                    "insert into node values ('d1', 'doc', 'after', 1)",
                    "delete from node"));

    private static MappingSpec derived() {
        return new MappingSpec(
                List.of(new MappingSpec.Target(
                        TableName.parse("node"),
                        List.of(),
                        Optional.of(new MappingSpec.Derive(
                                List.of("id"),
                                "select 'd' || d.id as id, 'doc' as kind, d.title, d.id as owner, null as body from docs d"
                                        + " union all select 'p' || p.id, 'part', p.name, p.doc, p.body from parts p",
                                Map.of(
                                        TableName.parse("docs"), "select 'd' || id as id from changed",
                                        TableName.parse("parts"), "select 'p' || id as id from changed"),
                                List.of(
                                        new MappingSpec.Back(
                                                TableName.parse("docs"),
                                                Optional.of("t.kind = 'doc'"),
                                                List.of(
                                                        new Assignment("id", "substr(t.id, 2)::int"),
                                                        new Assignment("title", "coalesce(t.title, '')"))),
                                        new MappingSpec.Back(
                                                TableName.parse("parts"),
                                                Optional.of("t.kind = 'part'"),
                                                List.of(
                                                        new Assignment("id", "substr(t.id, 2)::int"),
                                                        new Assignment("doc", "t.owner"),
                                                        new Assignment("name", "t.title"),
                                                        new Assignment("body", "t.body")))))))),
                Map.of(),
                List.of(),
                List.of());
    }

    @TestFactory
    Stream<DynamicTest> blueHasWhatTheInversesSayOfGreensRows() {
        return Stream.of(COMPUTED, MERGED, SPLIT, PARTS, GATHERED, KEYLESS, DERIVED)
                .flatMap(form -> Stream.of(5000, 1)
                        .map(windowRows -> DynamicTest.dynamicTest(
                                form.name() + ", windows of " + windowRows, () -> leadBack(form, windowRows))));
    }

    private void leadBack(Form form, int windowRows) throws Exception {
        try (Replica replica =
                new Replica(ServerPair.shared(blueMajor, 18), form.mapping(), form.blue(), form.green())) {
            replica.connect();
            replica.windowRows = windowRows;
            ApplyLane lane = replica.wayBack();
            for (String statement : form.statements()) {
                replica.onGreen(statement);
                replica.drainBack(lane);
                assertLedBack(replica, statement);
            }
            lane.stop();
            form.statements().forEach(replica::onGreen);
            replica.drainBack(replica.laneBack());
            assertLedBack(replica, "all of it at once, by another daemon");
        }
    }

    private static void assertLedBack(Replica replica, String statement) {
        Map<TableName, List<String>> led = new LinkedHashMap<>();
        Map<TableName, String> held = new LinkedHashMap<>();
        for (Route back : replica.plan().reverse()) {
            if (back.besides()) {
                assertPartLedBack(replica, back, statement);
                continue;
            }
            led.computeIfAbsent(back.target(), _ -> new ArrayList<>())
                    .addAll(replica.rows(
                            replica.green,
                            "select (" + stored(back) + ")::text from "
                                    + back.source().sql() + " as t"
                                    + back.filter()
                                            .map(mine -> " where (" + mine + ")")
                                            .orElse("")));
            held.put(back.target(), String.join(", ", back.targetColumnNames()));
        }
        led.forEach((table, rows) -> assertThat(
                        replica.rows(replica.blue, "select row(" + held.get(table) + ")::text from " + table.sql()))
                .as(table + " after " + statement)
                .containsExactlyInAnyOrderElementsOf(rows));
    }

    /** The columns of rows that have something in them, and nothing anywhere else. */
    private static void assertPartLedBack(Replica replica, Route back, String statement) {
        String columns = String.join(", ", back.targetColumnNames());
        String empty = back.valueColumns().stream()
                .map(column -> "coalesce(x." + column.name() + "::text, '{}') = '{}'")
                .collect(Collectors.joining(" and "));
        String select = "select row(" + columns + ")::text from (%s) as x where not (" + empty + ")";
        String led = back.columns().stream()
                .map(column -> column.storedExpression() + " as " + column.name())
                .collect(Collectors.joining(", "));
        assertThat(replica.rows(
                        replica.blue,
                        select.formatted("select * from " + back.target().sql())))
                .as(back + " after " + statement)
                .containsExactlyInAnyOrderElementsOf(replica.rows(
                        replica.green,
                        select.formatted(
                                "select " + led + " from " + back.source().sql() + " as t" + back.grouping())));
    }

    private static String stored(Route back) {
        return back.columns().stream()
                .map(column -> column.storedExpression())
                .collect(Collectors.joining(", ", "row(", ")"));
    }
}
