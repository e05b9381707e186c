package io.viridian.schema.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.plan.Derivation;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.Plan;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planner;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.schema.TwoDatabases;
import io.viridian.schema.check.DerivedQueries;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Old tables of which new ones are computed: what is written to their views is computed anew, and nothing else. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class LegacyDerivedTest {
    private static final String OLD = """
            create table docs (id int primary key, title text not null, body text);
            create table parts (id int primary key, doc int not null references docs on delete cascade,
                name text not null default 'part', up int references parts on delete set null);
            create table labels (part int references parts on delete cascade, label text, primary key (part, label));
            create table notes (id int primary key, doc int references docs on delete cascade, line text);
            create table secrets (id int primary key, doc int)
            """;

    private static final String NEW = """
            create table node (id text primary key, kind text not null, title text, owner int, up int,
                labels text[] not null, body text, color text not null default 'red');
            alter table node replica identity full;
            create table label (part int, label text, primary key (part, label));
            create table doc_size (doc int primary key, parts bigint not null);
            create table notes (id int primary key, doc int, line text);
            create table place (part int, above int, depth int not null, primary key (part, above));
            create table hidden (doc int primary key, secrets bigint not null)
            """;

    private static final String NODE = """
            select 'd' || d.id as id, 'doc' as kind, d.title, d.id as owner, null::int as up, '{}'::text[] as labels, d.body
            from docs d
            union all
            select 'p' || p.id, 'part', p.name, p.doc, p.up,
                coalesce((select array_agg(l.label order by l.label) from labels l where l.part = p.id), '{}'), null
            from parts p
            """;

    private static final String SIZE = "select parts.doc, count(*) as parts from parts group by parts.doc";

    private static final String PLACE = """
            select p.id as part, a.id as above, a.depth from parts p cross join lateral (
                with recursive above(id, up, depth) as (
                    select p.id, p.up, 0 union all select q.id, q.up, a.depth + 1 from above a join parts q on q.id = a.up)
                select id, depth from above) as a
            """;

    private static final String PLACES_BELOW = """
            with recursive below(id) as (
                select id from changed union select q.id from parts q join below b on q.up = b.id)
            select x.part, x.above from below b cross join lateral (
                with recursive above(id, up) as (
                    select q.id, q.up from parts q where q.id = b.id
                    union select q.id, q.up from above a join parts q on q.id = a.up)
                select b.id as part, a.id as above from above a) as x
            """;

    private static final List<String> TABLES = List.of("docs", "parts", "labels", "notes");

    private final TwoDatabases databases;
    private final OldApplications applications;

    LegacyDerivedTest(int version) throws Exception {
        databases = TwoDatabases.shared(version, 18).onBlue(OLD).onGreen(NEW);
        applications = new OldApplications(databases);
    }

    @BeforeEach
    void install() {
        new LegacySchema(databases.blue(), databases.green(), "shop", "legacy_")
                .install(plan(), databases.green().query(CatalogReader::read));
    }

    @AfterEach
    void close() {
        applications.close();
        databases.close();
    }

    private Plan plan() {
        MappingSpec mapping = mapping();
        return Planner.plan(new PlanRequest(
                        "shop",
                        List.of(TablePattern.EVERY_TABLE),
                        List.of(),
                        mapping,
                        databases.blue().query(CatalogReader::read),
                        databases.green().query(CatalogReader::read),
                        DerivedQueries.of(mapping, databases.blue()).understood(),
                        true,
                        true))
                .plan();
    }

    private static MappingSpec mapping() {
        return new MappingSpec(
                List.of(
                        derived(
                                "node",
                                List.of("id"),
                                NODE,
                                Map.of(
                                        name("docs"), "select 'd' || id as id from changed",
                                        name("parts"), "select 'p' || id as id from changed",
                                        name("labels"), "select 'p' || part as id from changed"),
                                List.of(
                                        new MappingSpec.Back(
                                                name("docs"),
                                                Optional.of("t.kind = 'doc'"),
                                                List.of(
                                                        new Assignment("id", "substr(t.id, 2)::int"),
                                                        new Assignment("title", "t.title"),
                                                        new Assignment("body", "t.body"))),
                                        new MappingSpec.Back(
                                                name("parts"),
                                                Optional.of("t.kind = 'part'"),
                                                List.of(
                                                        new Assignment("id", "substr(t.id, 2)::int"),
                                                        new Assignment("doc", "t.owner"),
                                                        new Assignment("name", "t.title"),
                                                        new Assignment("up", "t.up"))))),
                        derived("doc_size", List.of("doc"), SIZE, Map.of(), List.of()),
                        derived(
                                "place",
                                List.of("part", "above"),
                                PLACE,
                                Map.of(name("parts"), PLACES_BELOW),
                                List.of()),
                        derived(
                                "hidden",
                                List.of("doc"),
                                "select s.doc, count(*) as secrets from secrets s group by s.doc",
                                Map.of(),
                                List.of()),
                        new MappingSpec.Target(
                                name("label"),
                                List.of(new MappingSpec.Rule(
                                        name("labels"),
                                        "l",
                                        Optional.empty(),
                                        List.of(new Assignment("part", "l.part"), new Assignment("label", "l.label")),
                                        List.of())))),
                Map.of(),
                List.of(TablePattern.parse("public.notes")),
                List.of());
    }

    private static TableName name(String table) {
        return TableName.parse(table);
    }

    private static MappingSpec.Target derived(
            String table,
            List<String> key,
            String query,
            Map<TableName, String> affected,
            List<MappingSpec.Back> inverse) {
        return new MappingSpec.Target(
                name(table), List.of(), Optional.of(new MappingSpec.Derive(key, query, affected, inverse)));
    }

    private static List<String> rows(Session session, String query) {
        return session.list("select x::text from (" + query + ") as x order by 1", row -> row.text(1));
    }

    /** The same statement on both sides; then the old tables are alike, and the new ones what the queries say. */
    private static void both(Session blue, Session green, String statement) {
        assertThat(green.update(statement)).as(statement).isEqualTo(blue.update(statement));
        for (String table : TABLES) {
            assertThat(rows(green, "select * from " + table))
                    .as(table + " after " + statement)
                    .isEqualTo(rows(blue, "select * from " + table));
        }
        assertThat(rows(green, "select id, kind, title, owner, up, labels, body from public.node"))
                .as("node after " + statement)
                .isEqualTo(rows(blue, NODE));
        assertThat(rows(green, "select * from public.doc_size"))
                .as("doc_size after " + statement)
                .isEqualTo(rows(blue, SIZE));
        assertThat(rows(green, "select * from public.place"))
                .as("place after " + statement)
                .isEqualTo(rows(blue, PLACE));
    }

    @Test
    void computesAnewWhatTheOldTablesMakeOther() {
        Session blue = applications.onBlue();
        Session green = applications.onGreen();

        both(blue, green, "insert into docs select n, 'doc ' || n, repeat('body ', n) from generate_series(1, 5) n");
        both(
                blue,
                green,
                "insert into parts (id, doc, up) select n, 1 + n % 5, case when n > 5 then n - 5 end"
                        + " from generate_series(1, 20) n");
        both(blue, green, "insert into parts (id, doc, name) values (30, 1, 'a'), (31, 2, 'b'), (32, 2, 'c')");
        both(blue, green, "insert into labels select n, l from generate_series(1, 10) n, unnest(array['x', 'y']) l");
        both(blue, green, "insert into notes values (1, 1, 'one'), (2, 2, 'two')");
        both(blue, green, "update docs set title = upper(title) where id > 3");
        both(blue, green, "update parts set name = name || '!' where id % 3 = 0");
        both(blue, green, "update parts set doc = 5, up = null where id in (3, 8)");
        both(blue, green, "update parts set up = 1 where id = 31");
        both(blue, green, "update parts set id = id + 100 where id >= 30");
        both(blue, green, "update labels set label = 'z' where label = 'y' and part < 4");
        both(blue, green, "update labels set part = 11 where part = 10");
        both(blue, green, "delete from labels where part = 4");
        both(blue, green, "delete from parts where id = 6");
        both(blue, green, "delete from parts where id in (1, 2)");
        both(blue, green, "delete from docs where id = 1");
        both(blue, green, "update docs set body = null");
        both(blue, green, "delete from docs where title like 'doc%'");
        both(blue, green, "update docs set id = 9 where false");
        both(blue, green, "delete from docs");
    }

    @Test
    void leavesAloneWhatTheOldSchemaCannotTell() {
        Session green = applications.onGreen();
        green.execute("insert into docs values (1, 'one', 'body')");
        green.execute("insert into parts (id, doc) values (1, 1), (2, 1)");
        databases.onGreen("""
                update node set color = 'blue', labels = array['only here'] where id = 'p1';
                update doc_size set parts = 77;
                """);

        green.execute("update parts set name = 'renamed' where id = 1");
        green.execute("update docs set title = 'other'");

        assertThat(TwoDatabases.texts(databases.green(), "select n::text from node n order by id"))
                .containsExactly(
                        "(d1,doc,other,1,,{},body,red)",
                        "(p1,part,renamed,1,,\"{\"\"only here\"\"}\",,blue)",
                        "(p2,part,part,1,,{},,red)");
        assertThat(TwoDatabases.texts(databases.green(), "select parts from doc_size"))
                .containsExactly("77");
    }

    @Test
    void refusesARowThatIsThereAlready() {
        Session green = applications.onGreen();
        green.execute("insert into docs values (1, 'one', 'body'), (2, 'two', 'body')");

        for (String statement :
                List.of("insert into docs values (1, 'again', null)", "update docs set id = 2 where id = 1")) {
            assertThatThrownBy(() -> green.update(statement))
                    .as(statement)
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            refused -> assertThat(refused.fault().sqlState()).isEqualTo("23505"));
        }
        assertThat(rows(green, "select id, title from docs")).containsExactly("(1,one)", "(2,two)");
    }

    @Test
    void twoSessionsWriteOneAfterTheOther() throws Exception {
        Session one = applications.onGreen();
        Session other = applications.onGreen();
        one.execute("insert into docs values (1, 'one', 'body')");
        one.execute("insert into parts (id, doc) values (1, 1)");

        one.begin();
        one.update("insert into labels values (1, 'x')");
        assertThat(OldApplications.behind(one, other, "insert into labels values (1, 'y')"))
                .succeedsWithin(OldApplications.PATIENCE)
                .isEqualTo(1L);
        assertThat(TwoDatabases.texts(databases.green(), "select labels::text from node where id = 'p1'"))
                .containsExactly("{x,y}");
    }

    @Test
    void overwritesNothingThatTheNewApplicationWroteMeanwhile() throws Exception {
        Session one = applications.newOne();
        Session other = applications.onGreen();
        other.execute("insert into docs values (1, 'one', 'body')");

        one.begin();
        one.update("update node set title = 'by the new one' where id = 'd1'");
        OldApplications.refusedBehind(one, other, "update docs set title = 'by the old one'");
        assertThat(rows(other, "select title from docs")).containsExactly("(\"by the new one\")");
    }

    @Test
    void aRowThatIsMovedTakesAlongWhatSomebodyHangsBelowItMeanwhile() throws Exception {
        Session one = applications.onGreen();
        Session other = applications.onGreen();
        one.execute("insert into docs values (1, 'one', 'body'), (2, 'two', 'body')");
        one.execute("insert into parts (id, doc) values (1, 1), (2, 1)");

        one.begin();
        one.update("insert into parts (id, doc, up) values (3, 2, 2)");
        assertThat(OldApplications.behind(one, other, "update parts set up = 1 where id = 2"))
                .succeedsWithin(OldApplications.PATIENCE)
                .isEqualTo(1L);
        assertThat(TwoDatabases.texts(
                        databases.green(), "select part || ' ' || above from place where depth > 0 order by 1"))
                .containsExactly("2 1", "3 1", "3 2");
    }

    @Test
    void anOlderLookAtThingsFailsRatherThanForgetting() {
        Session one = applications.onGreen();
        Session other = applications.onGreen();
        one.execute("insert into docs values (1, 'one', 'body')");
        one.execute("insert into parts (id, doc) values (1, 1)");

        other.execute("begin isolation level repeatable read");
        other.list("select * from labels", row -> true);
        one.update("insert into labels values (1, 'x')");

        assertThatThrownBy(() -> other.update("insert into labels values (1, 'y')"))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refused -> assertThat(refused.fault().sqlState()).isEqualTo("40001"));
        other.execute("rollback");
        other.update("insert into labels values (1, 'y')");
        assertThat(TwoDatabases.texts(databases.green(), "select labels::text from node where id = 'p1'"))
                .containsExactly("{x,y}");
    }

    @Test
    void whatIsComputedAlongIsNoUse() {
        Session green = applications.onGreen();
        green.execute("insert into docs values (1, 'one', 'body')");
        green.execute("insert into parts (id, doc) values (1, 1)");

        assertThat(databases.green().query(LegacyObject::read))
                .filteredOn(one -> !one.users().isEmpty())
                .extracting(one -> one.source().name())
                .containsExactlyInAnyOrder("docs", "parts");
    }

    @Test
    void saysWhatIsOfferedAndWhatIsNot() {
        List<LegacyObject> objects = databases.green().query(LegacyObject::read);

        assertThat(objects)
                .extracting(one -> one.source().name() + " " + one.writes() + " " + one.reason())
                .containsExactlyInAnyOrder(
                        "docs TRIGGER ",
                        "parts TRIGGER ",
                        "labels TRIGGER ",
                        "notes DIRECT ",
                        "secrets NONE only queries read it, and nothing leads their rows back");
    }

    @Test
    void needsNoMirrors() {
        assertThat(TwoDatabases.texts(
                        databases.green(),
                        "select count(*) from pg_namespace where nspname = '" + Derivation.SCHEMA + "'"))
                .containsExactly("0");
    }
}
