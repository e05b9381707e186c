package io.viridian.schema.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.Plan;
import io.viridian.plan.Planner;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.schema.TwoDatabases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of the old application of which columns are rows of other tables now: one row of one, or many. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class LegacyBesidesTest {
    private static final String OLD = """
            create table contact (id int primary key, name text not null, street text, town text,
                tags text[] not null default '{}', sizes jsonb, label text generated always as (upper(name)) stored);
            alter table contact replica identity full
            """;

    private static final String NEW = """
            create table person (number bigint primary key, name text not null, since int);
            create table address (person bigint primary key references person on delete cascade, street text, town text,
                floor int);
            create table person_tag (person bigint references person on delete cascade, position int, tag text,
                weight int, primary key (person, position));
            create table person_size (size text, person int, amount int not null, primary key (size, person));
            alter table address replica identity full;
            alter table person_tag replica identity full;
            alter table person_size replica identity full
            """;

    private final TwoDatabases databases;
    private final OldApplications applications;

    LegacyBesidesTest(int version) throws Exception {
        databases = TwoDatabases.shared(version, 18).onBlue(OLD).onGreen(NEW);
        applications = new OldApplications(databases);
    }

    @BeforeEach
    void install() {
        LegacySchema.Offer offer = new LegacySchema(databases.blue(), databases.green(), "shop", "legacy_")
                .install(plan(), databases.green().query(CatalogReader::read));
        assertThat(offer.withheld()).isEmpty();
    }

    @AfterEach
    void close() {
        applications.close();
        databases.close();
    }

    private Plan plan() {
        return Planner.plan(databases.request(
                        new MappingSpec(
                                List.of(
                                        rule(
                                                "person",
                                                Optional.empty(),
                                                Optional.empty(),
                                                Map.of("number", "c.id + 1000", "name", "c.name"),
                                                Map.of("id", "(t.number - 1000)::int")),
                                        rule(
                                                "address",
                                                Optional.of("c.street is not null or c.town is not null"),
                                                Optional.empty(),
                                                Map.of(
                                                        "person",
                                                        "c.id + 1000",
                                                        "street",
                                                        "upper(c.street)",
                                                        "town",
                                                        "c.town"),
                                                Map.of("id", "(t.person - 1000)::int", "street", "lower(t.street)")),
                                        rule(
                                                "person_tag",
                                                Optional.empty(),
                                                Optional.of("unnest(c.tags) with ordinality as x(tag, place)"),
                                                Map.of(
                                                        "person",
                                                        "c.id + 1000",
                                                        "position",
                                                        "x.place::int",
                                                        "tag",
                                                        "x.tag"),
                                                Map.of(
                                                        "id",
                                                        "(t.person - 1000)::int",
                                                        "tags",
                                                        "coalesce(array_agg(t.tag order by t.position), '{}')")),
                                        rule(
                                                "person_size",
                                                Optional.empty(),
                                                Optional.of("jsonb_each_text(c.sizes) as z(size, amount)"),
                                                Map.of("size", "z.size", "person", "c.id", "amount", "z.amount::int"),
                                                Map.of("sizes", "jsonb_object_agg(t.size, t.amount order by t.size)"))),
                                Map.of(),
                                List.of(),
                                List.of()),
                        true,
                        true))
                .plan();
    }

    private static MappingSpec.Target rule(
            String table,
            Optional<String> where,
            Optional<String> expand,
            Map<String, String> columns,
            Map<String, String> inverse) {
        return new MappingSpec.Target(
                TableName.parse(table),
                List.of(new MappingSpec.Rule(
                        TableName.parse("contact"), "c", where, expand, assignments(columns), assignments(inverse))));
    }

    private static List<Assignment> assignments(Map<String, String> expressions) {
        return expressions.entrySet().stream()
                .map(one -> new Assignment(one.getKey(), one.getValue()))
                .toList();
    }

    private static List<String> rows(Session session, String query) {
        return session.list("select x::text from (" + query + ") as x order by 1", row -> row.text(1));
    }

    /** The same statement on both sides; then the old table is alike, and the new ones what the rules make of it. */
    private static void both(Session blue, Session green, String statement) {
        assertThat(green.update(statement)).as(statement).isEqualTo(blue.update(statement));
        same(blue, green, statement, "select * from contact", "select * from contact");
        same(blue, green, statement, "select id + 1000, name from contact", "select number, name from public.person");
        same(
                blue,
                green,
                statement,
                "select id + 1000, upper(street), town from contact where street is not null or town is not null",
                "select person, street, town from public.address");
        same(
                blue,
                green,
                statement,
                "select id + 1000, place::int, tag from contact, unnest(tags) with ordinality as x(tag, place)",
                "select person, position, tag from public.person_tag");
        same(
                blue,
                green,
                statement,
                "select size, id, amount::int from contact, jsonb_each_text(sizes) as z(size, amount)",
                "select size, person, amount from public.person_size");
    }

    private static void same(Session blue, Session green, String statement, String old, String now) {
        assertThat(rows(green, now)).as(now + " after " + statement).isEqualTo(rows(blue, old));
    }

    @Test
    void theOldApplicationsStatementsDoWhatTheyDid() {
        Session blue = applications.onBlue();
        Session green = applications.onGreen();

        both(
                blue,
                green,
                "insert into contact (id, name, street, tags, sizes) select n, 'n' || n, case when n % 2 = 0 then 's' || n end,"
                        + " array(select 't' || m from generate_series(1, n % 4) m),"
                        + " case when n % 3 > 0 then jsonb_build_object('a', n, 'b', 1) end from generate_series(1, 20) n");
        both(blue, green, "insert into contact (id, name) values (30, 'with defaults')");
        both(blue, green, "update contact set town = 'Ulm' where id in (1, 2)");
        both(blue, green, "update contact set street = null where id in (2, 4)");
        both(blue, green, "update contact set tags = tags || 'more'::text where id < 6");
        both(blue, green, "update contact set tags = array['first'] || tags where id = 7");
        both(blue, green, "update contact set tags = tags[2:] where id = 3");
        both(blue, green, "update contact set tags = '{}' where id = 9");
        both(blue, green, "update contact set tags = array['x', null, 'x'] where id = 30");
        both(blue, green, "update contact set sizes = sizes || '{\"c\": 5}' where id > 10");
        both(blue, green, "update contact set sizes = null where id = 11");
        both(blue, green, "update contact set name = upper(name)");
        both(
                blue,
                green,
                "update contact set name = 'all', street = 's', town = 't', tags = '{a}', sizes = '{\"z\": 1}' where id = 5");
        both(blue, green, "delete from contact where id in (6, 7, 30)");
        both(blue, green, "insert into contact values (6, 'again', 's', 't', '{u,v}', '{\"a\": 1}')");
        both(blue, green, "delete from contact");
    }

    @Test
    void whatTheOldSchemaCannotTellStays() {
        Session green = applications.onGreen();
        green.update("insert into contact values (1, 'Ann', 'elm', 'Ulm', '{a,b,c}')");
        green.execute(
                "update public.address set floor = 3; update public.person set since = 2001;"
                        + " update public.person_tag set weight = position * 10; delete from public.person_tag where position = 2");

        green.update("update contact set name = 'Anna', town = 'Bonn'");
        assertThat(rows(green, "select person, position, tag, weight from public.person_tag"))
                .as("a gap in the positions, which no list can tell")
                .containsExactly("(1001,1,a,10)", "(1001,3,c,30)");
        assertThat(rows(green, "select street, town, floor from public.address"))
                .containsExactly("(ELM,Bonn,3)");
        assertThat(rows(green, "select name, since from public.person")).containsExactly("(Anna,2001)");

        green.update("update contact set tags = tags || 'd'::text");
        assertThat(rows(green, "select person, position, tag, weight from public.person_tag"))
                .containsExactly("(1001,1,a,10)", "(1001,2,c,)", "(1001,3,d,30)");
    }

    @Test
    void whatSomebodyElseHasChangedIsNotOverwritten() {
        Session green = applications.onGreen();
        green.update("insert into contact values (1, 'Ann', 'elm', 'Ulm', '{a,b}')");
        Session first = applications.onGreen();
        first.execute("begin isolation level repeatable read");
        first.list("select * from contact", row -> true);
        green.update("update contact set tags = '{c}'");

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> first.update("update contact set tags = tags || 'x'::text")))
                .hasMessageContaining("could not serialize access");
        first.execute("rollback");
        assertThat(rows(green, "select tags from contact")).containsExactly("({c})");
    }
}
