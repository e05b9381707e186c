package io.viridian.schema.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Plan;
import io.viridian.plan.Planner;
import io.viridian.plan.SequenceName;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.schema.TwoDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The old application on green: its statements do there what they do on blue. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class LegacySchemaTest {
    private static final String OLD = """
            create table items (id serial primary key, title text not null default 'untitled',
                price numeric(10, 2) not null, archived boolean not null default false,
                label text generated always as (upper(title)) stored, note text);
            create table people (id int generated always as identity primary key, name text not null,
                email text unique);
            create table writers (id int primary key, name text not null, born date);
            create table party (id int primary key, kind text not null, name text not null, data json);
            create table log (line text, at timestamptz default '2026-01-01 00:00:00+00');
            alter table log replica identity full;
            alter table items replica identity full;
            alter table party replica identity full;
            create table visits (path text, took int not null);
            alter table visits replica identity full;
            create table wide (id int primary key, a text, b text);
            create table seen (id int primary key, tags text[] not null);
            create table things (id int, kind text, v int, primary key (id, kind));
            create table humans (id int primary key, name text);
            create table firms (id int primary key, name text)
            """;

    private static final String NEW = """
            create schema catalog;
            create table catalog.product (id bigint primary key, name text not null, price_cents bigint not null,
                kind text not null, extra text);
            create sequence catalog.product_number start 1;
            create table people (id int generated always as identity primary key, name text not null,
                email text unique);
            create table author (number bigint primary key, first text not null, last text not null, born date);
            create table person (id int primary key, name text not null, data json);
            create table company (id int primary key, title text not null, data json);
            create table log (line text, at timestamptz);
            alter table log replica identity full;
            create table visit (path text, seconds numeric not null);
            alter table visit replica identity full;
            create table half_a (id int primary key, a text);
            create table half_b (id int primary key, b text);
            create table tag (id int, tag text, primary key (id, tag));
            create table a_things (id int primary key, v int);
            create table b_things (id int primary key, v int);
            create table partner (id int primary key, name text);
            alter table partner replica identity full
            """;

    private static final List<String> TABLES =
            List.of("items", "people", "writers", "party", "log", "visits", "humans", "firms");

    private final TwoDatabases databases;
    private final OldApplications applications;

    LegacySchemaTest(int version) throws Exception {
        databases = TwoDatabases.shared(version, 18).onBlue(OLD).onGreen(NEW);
        applications = new OldApplications(databases);
    }

    @BeforeEach
    void install() {
        legacy().install(plan(), databases.green().query(CatalogReader::read));
    }

    @AfterEach
    void close() {
        applications.close();
        databases.close();
    }

    private LegacySchema legacy() {
        return new LegacySchema(databases.blue(), databases.green(), "shop", "legacy_");
    }

    private Plan plan() {
        return Planner.plan(databases.request(mapping(), true, true)).plan();
    }

    private static MappingSpec mapping() {
        return new MappingSpec(
                List.of(
                        target(
                                "catalog.product",
                                rule(
                                        "items",
                                        "i",
                                        Optional.of("not i.archived"),
                                        Map.of(
                                                "id", "i.id::bigint",
                                                "name", "i.title",
                                                "price_cents", "(i.price * 100)::bigint",
                                                "kind", "'item'"),
                                        Map.of(
                                                "id", "t.id::int",
                                                "price", "t.price_cents / 100.0",
                                                "archived", "false"))),
                        target(
                                "author",
                                rule(
                                        "writers",
                                        "w",
                                        Optional.empty(),
                                        Map.of(
                                                "number", "w.id + 1000",
                                                "first", "split_part(w.name, ' ', 1)",
                                                "last", "split_part(w.name, ' ', 2)",
                                                "born", "w.born"),
                                        Map.of(
                                                "id", "(t.number - 1000)::int",
                                                "name", "t.first || ' ' || t.last"))),
                        target("a_things", thing("a")),
                        target("b_things", thing("b")),
                        new MappingSpec.Target(
                                TableName.parse("partner"),
                                List.of(
                                        partner("humans", "s.id", "t.id < 1000", Map.of()),
                                        partner("firms", "s.id + 1000", "t.id >= 1000", Map.of("id", "t.id - 1000")))),
                        target("person", part("person", "name")),
                        target("company", part("company", "title")),
                        target(
                                "visit",
                                rule(
                                        "visits",
                                        "v",
                                        Optional.empty(),
                                        Map.of("path", "v.path", "seconds", "v.took / 1000.0"),
                                        Map.of("took", "(t.seconds * 1000)::int"))),
                        target(
                                "half_a",
                                rule("wide", "w", Optional.empty(), Map.of("id", "w.id", "a", "w.a"), Map.of())),
                        target(
                                "half_b",
                                rule("wide", "w", Optional.empty(), Map.of("id", "w.id", "b", "w.b"), Map.of())),
                        target(
                                "tag",
                                new MappingSpec.Rule(
                                        TableName.parse("seen"),
                                        "s",
                                        Optional.empty(),
                                        Optional.of("unnest(s.tags) as x(tag)"),
                                        List.of(
                                                new MappingSpec.Assignment("id", "s.id"),
                                                new MappingSpec.Assignment("tag", "x.tag")),
                                        List.of()))),
                Map.of(SequenceName.parse("catalog.product_number"), List.of(SequenceName.parse("items_id_seq"))),
                List.of(TablePattern.parse("public.people"), TablePattern.parse("public.log")),
                List.of());
    }

    private static MappingSpec.Target target(String table, MappingSpec.Rule rule) {
        return new MappingSpec.Target(TableName.parse(table), List.of(rule));
    }

    private static MappingSpec.Rule thing(String kind) {
        return rule(
                "things",
                "s",
                Optional.of("s.kind = '" + kind + "'"),
                Map.of("id", "s.id", "v", "s.v"),
                Map.of("kind", "'" + kind + "'"));
    }

    /** Of two that fill one table and hold no constants. */
    private static MappingSpec.Rule partner(String from, String id, String owns, Map<String, String> inverse) {
        return new MappingSpec.Rule(
                TableName.parse(from),
                "s",
                Optional.empty(),
                Optional.empty(),
                assignments(Map.of("id", id, "name", "s.name")),
                assignments(inverse),
                Optional.of(owns));
    }

    private static MappingSpec.Rule part(String kind, String name) {
        return rule(
                "party",
                "p",
                Optional.of("p.kind = '" + kind + "'"),
                Map.of("id", "p.id", name, "p.name", "data", "p.data"),
                Map.of("kind", "'" + kind + "'"));
    }

    private static MappingSpec.Rule rule(
            String from,
            String alias,
            Optional<String> where,
            Map<String, String> columns,
            Map<String, String> inverse) {
        return new MappingSpec.Rule(TableName.parse(from), alias, where, assignments(columns), assignments(inverse));
    }

    private static List<MappingSpec.Assignment> assignments(Map<String, String> expressions) {
        return expressions.entrySet().stream()
                .map(one -> new MappingSpec.Assignment(one.getKey(), one.getValue()))
                .toList();
    }

    private static List<String> rows(Session session, String query) {
        return session.list("select x::text from (" + query + ") as x", row -> row.text(1));
    }

    /** The same statement on both sides, then the same tables. */
    private static void both(Session blue, Session green, String statement) {
        String returned = statement.contains(" returning ") ? "query" : "update";
        if (returned.equals("query")) {
            assertThat(green.list(statement, row -> row.optionalText(1)))
                    .as(statement)
                    .isEqualTo(blue.list(statement, row -> row.optionalText(1)));
        } else {
            assertThat(green.update(statement)).as(statement).isEqualTo(blue.update(statement));
        }
        for (String table : TABLES) {
            String query = "select * from " + table + " order by 1";
            assertThat(rows(green, query)).as(table + " after " + statement).isEqualTo(rows(blue, query));
        }
    }

    @Test
    void doesWhatTheOldTablesDo() {
        Session blue = applications.onBlue();
        Session green = applications.onGreen();

        both(blue, green, "insert into items (title, price) values ('Lamp', 12.50), ('Desk', 80) returning id");
        both(blue, green, "insert into items (price) values (1.005) returning label");
        both(blue, green, "update items set price = price * 2 where title like 'D%'");
        both(blue, green, "update items set title = lower(title), price = price + 1 returning id");
        both(blue, green, "update items set id = 77 where id = 2");
        both(blue, green, "delete from items where price < 5");
        both(blue, green, "insert into people (name, email) values ('Ann', 'a@x'), ('Bo', 'b@x') returning id");
        both(blue, green, """
                insert into people (name, email) values ('Anna', 'a@x')
                on conflict (email) do update set name = excluded.name returning id
                """);
        both(blue, green, "update people set name = name || '!' where email = 'b@x'");
        both(blue, green, "delete from people where name = 'Anna' returning name");
        both(blue, green, "insert into writers values (1, 'Mary Shelley', '1797-08-30'), (2, 'Jane Austen', null)");
        both(blue, green, "insert into humans values (1, 'Ann'), (2, 'Bo')");
        both(blue, green, "insert into firms values (1, 'Acme'), (2, 'Globex') returning id");
        both(blue, green, "update humans set name = upper(name) where id = 1 returning name");
        both(blue, green, "update firms set id = 3, name = 'Initech' where id = 2");
        both(blue, green, "delete from humans where id = 2");
        both(blue, green, "delete from firms where id = 1 returning name");
        both(blue, green, "update writers set born = '1775-12-16' where name like 'Jane%' returning born");
        both(blue, green, "delete from writers where id = 1");
        both(blue, green, "insert into party values (1, 'person', 'Ann', '{\"a\": 1}'), (2, 'company', 'Acme', null)");
        both(blue, green, "update party set kind = 'company' where id = 1");
        both(blue, green, "update party set name = name || ' Ltd', id = id + 10 where kind = 'company'");
        both(blue, green, "delete from party where id = 11");
        both(blue, green, "insert into log (line) values ('one'), ('two'), ('two')");
        both(blue, green, "delete from log where line = 'two'");
        both(blue, green, "update items set price = 3 where false");
        both(blue, green, "insert into visits values ('/', 12), ('/', 12), ('/a', 900)");
    }

    @Test
    void aRowOfOnePartDoesNotTakeThePlaceOfOneOfAnother() {
        Session green = applications.onGreen();
        green.execute("insert into things values (1, 'a', 1), (1, 'b', 2), (2, 'a', 3), (2, 'b', 4)");

        assertThat(green.update("delete from things where kind = 'b' and id = 1"))
                .isEqualTo(1);
        assertThat(green.update("update things set v = 9 where kind = 'a' and id = 2"))
                .isEqualTo(1);
        assertThat(green.update("update things set kind = 'b', v = 7 where kind = 'a' and id = 1"))
                .isEqualTo(1);

        assertThat(rows(green, "select * from things order by id, kind"))
                .containsExactly("(1,b,7)", "(2,a,9)", "(2,b,4)");
    }

    @Test
    void takesARowAwayThatTheMappingLeavesBehind() {
        Session green = applications.onGreen();
        green.execute("insert into items (title, price) values ('Lamp', 1), ('Desk', 2)");

        assertThat(green.update("update items set archived = true where title = 'Lamp'"))
                .isEqualTo(1);

        assertThat(rows(green, "select title, archived from items")).containsExactly("(Desk,f)");
        assertThat(TwoDatabases.texts(databases.green(), "select name from catalog.product"))
                .containsExactly("Desk");
    }

    @Test
    void refusesARowThatHasNoPlace() {
        Session green = applications.onGreen();

        assertThatThrownBy(() -> green.update("insert into items (title, price, archived) values ('Lamp', 1, true)"))
                .isInstanceOfSatisfying(FaultException.class, refused -> {
                    assertThat(refused.fault().sqlState()).isEqualTo("0A000");
                    assertThat(refused).hasMessageContaining("this row of public.items has no place in the new schema");
                });
        assertThatThrownBy(() -> green.update("insert into party values (1, 'club', 'Chess', null)"))
                .hasMessageContaining("has no place");
    }

    @Test
    void refusesToChangeRowsThatNothingNames() {
        Session green = applications.onGreen();
        green.execute("insert into visits values ('/', 12)");

        assertThatThrownBy(() -> green.update("delete from visits"))
                .hasMessageContaining("rows of public.visits have no key");
    }

    @Test
    void leavesAloneWhatTheOldSchemaCannotTell() {
        Session green = applications.onGreen();
        databases.onGreen("insert into author values (1007, 'Anna', 'van der Meer', null)");
        databases.onGreen("insert into catalog.product values (5, 'Lamp', 100, 'item', 'only here')");

        green.execute("update writers set born = '1900-01-01' where id = 7");
        green.execute("update items set title = 'Lamp 2' where id = 5");

        assertThat(TwoDatabases.texts(databases.green(), "select a::text from author a"))
                .containsExactly("(1007,Anna,\"van der Meer\",1900-01-01)");
        assertThat(TwoDatabases.texts(databases.green(), "select p::text from catalog.product p"))
                .containsExactly("(5,\"Lamp 2\",100,item,\"only here\")");
    }

    @Test
    void overwritesNothingThatSomebodyElseWroteMeanwhile() throws Exception {
        Session one = applications.onGreen();
        Session other = applications.onGreen();
        one.execute("insert into items (id, title, price) values (1, 'Lamp', 10)");

        one.begin();
        one.update("update items set price = price - 1 where id = 1");
        OldApplications.refusedBehind(one, other, "update items set price = price - 2 where id = 1");
        assertThat(rows(one, "select price from items")).containsExactly("(9.00)");
        assertThat(other.update("update items set price = price - 2 where id = 1"))
                .isEqualTo(1);
    }

    @Test
    void doesNotFindARowThatSomebodyElseDeletesMeanwhile() throws Exception {
        Session one = applications.onGreen();
        Session other = applications.onGreen();
        one.execute("insert into items (id, title, price) values (1, 'Lamp', 10)");

        one.begin();
        one.update("delete from items where id = 1");
        assertThat(OldApplications.behind(one, other, "update items set price = 1 where id = 1"))
                .succeedsWithin(OldApplications.PATIENCE)
                .isEqualTo(0L);
    }

    @Test
    void tellsWhoUsesWhat() {
        Session green = applications.onGreen();
        green.execute("set application_name = 'billing'");
        green.list("select * from items", row -> true);
        green.list("select * from items", row -> true);
        green.execute("insert into people (name) values ('Ann')");
        green.execute("insert into writers values (1, 'Mary Shelley', null)");
        green.beginSnapshot();
        green.list("select * from party", row -> true);
        green.commit();

        List<LegacyObject> objects = databases.green().query(LegacyObject::read);

        assertThat(objects)
                .filteredOn(one -> !one.users().isEmpty())
                .extracting(one -> one.source().name())
                .containsExactlyInAnyOrder("items", "people", "writers");
        assertThat(objects).flatExtracting(LegacyObject::users).allSatisfy(user -> {
            assertThat(user.role()).isEqualTo("postgres");
            assertThat(user.application()).isEqualTo("billing");
            assertThat(user.hours()).isEqualTo(1);
        });
        assertThat(TwoDatabases.texts(databases.green(), "select count(*) from viridian_legacy.use"))
                .containsExactly("3");
        Instant soon = Instant.now().plus(Duration.ofMinutes(1));
        assertThat(objects).allMatch(one -> !one.unused(Duration.ofDays(7), soon));
        assertThat(objects).allMatch(one -> one.unused(Duration.ofDays(7), soon.plus(Duration.ofDays(8))));
    }

    @Test
    void notesNoMoreApplicationsThanAnybodyReads() {
        Session green = applications.onGreen();
        green.list("select * from items", row -> true);
        for (int number = 0; number < 120; number++) {
            green.execute("set application_name = 'worker " + number + "'");
            green.list("select * from people", row -> true);
        }

        assertThat(databases.green().query(LegacyObject::read))
                .filteredOn(one -> one.source().name().equals("people"))
                .flatExtracting(LegacyObject::users)
                .hasSize(101)
                .extracting("application")
                .contains("worker 0", "worker 99", "(others)")
                .doesNotContain("worker 100");
        assertThat(databases.green().query(LegacyObject::read))
                .filteredOn(one -> one.source().name().equals("items"))
                .flatExtracting(LegacyObject::users)
                .hasSize(1);
    }

    @Test
    void saysWhichTablesItCannotOfferAndWhy() {
        LegacySchema.Offer again = legacy().install(plan(), databases.green().query(CatalogReader::read));

        assertThat(again.withheld())
                .containsExactlyInAnyOrder(
                        "public.seen: nothing leads rows of public.tag back to it",
                        "public.wide: nothing leads rows of public.half_b back to it");
        assertThat(again.offered()).isEqualTo(9);
        assertThat(databases.green().query(LegacyObject::read))
                .filteredOn(LegacyObject::offered)
                .extracting(one -> one.source().name() + " " + one.writes())
                .containsExactlyInAnyOrder(
                        "items TRIGGER",
                        "people DIRECT",
                        "writers TRIGGER",
                        "party TRIGGER",
                        "things TRIGGER",
                        "humans TRIGGER",
                        "firms TRIGGER",
                        "log DIRECT",
                        "visits INSERTS");
    }

    @Test
    void letsTheSameRolesInAsBlue() throws Exception {
        String role = "old_app_" + Long.toHexString(System.nanoTime());
        for (Database database : List.of(databases.blue(), databases.green())) {
            database.run(session -> session.execute("create role " + role));
        }
        try {
            databases.onBlue("grant select, insert on items to " + role + "; grant select on people to public");
            databases.green().run(session -> LegacySchema.remove(session, "shop"));
            legacy().install(plan(), databases.green().query(CatalogReader::read));
            Session green = applications.onGreen();
            green.execute("set role " + role);

            green.execute("insert into items (title, price) values ('Lamp', 1)");
            assertThat(rows(green, "select title from items")).containsExactly("(Lamp)");
            assertThat(rows(green, "select name from people")).isEmpty();
            assertThatThrownBy(() -> green.execute("delete from items")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> green.execute("select * from writers")).hasMessageContaining("permission denied");
        } finally {
            applications.close();
            for (Database database : List.of(databases.blue(), databases.green())) {
                database.run(session -> session.execute("drop owned by " + role + "; drop role " + role));
            }
        }
    }

    @Test
    void leavesNothingBehindWhenRemoved() {
        databases.green().run(session -> LegacySchema.remove(session, "shop"));
        databases.green().run(session -> LegacySchema.remove(session, "shop"));

        assertThat(TwoDatabases.texts(
                        databases.green(), "select nspname from pg_namespace where nspname like '%legacy%'"))
                .isEmpty();
    }

    @Test
    void touchesNoSchemaOfThatNameThatIsThereAlready() {
        databases.green().run(session -> LegacySchema.remove(session, "shop"));
        databases.onGreen("create schema legacy_public");

        assertThatThrownBy(() -> legacy().install(plan(), databases.green().query(CatalogReader::read)))
                .hasMessageContaining("legacy_public");
        assertThat(TwoDatabases.texts(databases.green(), "select to_regnamespace('viridian_legacy')::text"))
                .containsExactly("null");
    }
}
