package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.schema.TwoDatabases;
import io.viridian.schema.green.SchemaOrigin;
import io.viridian.testkit.server.KeepServerLogs;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions and the values they give. */
@Timeout(120)
@ExtendWith(KeepServerLogs.class)
@ParameterizedClass
@CsvSource("14, 18")
class MappingChecksTest {
    private final TwoDatabases databases;

    MappingChecksTest(int blueMajor, int greenMajor) throws SQLException {
        databases = TwoDatabases.shared(blueMajor, greenMajor)
                .onBlue("""
                        create table items (
                            id bigint primary key, title text, price numeric(12, 4), created timestamp, tags jsonb, spot point)
                        """)
                .onGreen("create table product (id bigint primary key)");
    }

    @AfterEach
    void closeDatabases() {
        databases.close();
    }

    @Nested
    final class AnExpression {
        @Test
        void thatIsImmutableAndFitsPasses() throws Exception {
            assertThat(expression("timestamptz", "i.created at time zone 'UTC'"))
                    .isEmpty();
            assertThat(expression("bigint", "(i.price * 100)::bigint")).isEmpty();
            assertThat(expression("text", "i.tags ->> 'a?b'")).isEmpty();
            assertThat(expression("json", "i.tags::json")).isEmpty();
            assertThat(expression("point", "i.spot")).isEmpty();
            assertThat(expression("text", "'item'")).isEmpty();
        }

        @Test
        void thatDependsOnTheSessionIsRefusedOnce() throws Exception {
            assertThat(expression("timestamptz", "i.created::timestamptz"))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.refuses()).isTrue();
                        assertThat(finding.id()).isEqualTo("mapping.not-immutable");
                        assertThat(finding.object()).isEqualTo("public.product.value");
                        assertThat(finding.message())
                                .isEqualTo("the expression of public.product.value is not immutable, so two evaluations"
                                        + " can differ: i.created::timestamptz");
                        assertThat(finding.fix()).contains("at time zone 'UTC'");
                    });
        }

        @Test
        void thatReadsTheClockIsRefused() throws Exception {
            assertThat(expression("timestamptz", "now()"))
                    .extracting(Finding::id)
                    .containsExactly("mapping.not-immutable");
        }

        @Test
        void thatIsCastToItsColumnByTheSessionsSettingsIsRefused() throws Exception {
            assertThat(expression("text", "i.created at time zone 'UTC'"))
                    .extracting(Finding::id)
                    .containsExactly("mapping.not-immutable");
        }

        @Test
        void thatCallsWhatDoesNotExistIsRefusedWithTheServersWordAndTheSide() throws Exception {
            assertThat(expression("text", "nosuch(i.title)"))
                    .extracting(Finding::message)
                    .containsExactly(
                            "the expression of public.product.value cannot be evaluated on blue: nosuch(i.title)"
                                    + " (function nosuch(text) does not exist) [SQLSTATE 42883]",
                            "the expression of public.product.value cannot be evaluated on green: nosuch(i.title)"
                                    + " (function nosuch(text) does not exist) [SQLSTATE 42883]");
        }

        @Test
        void thatOnlyBlueCanEvaluateIsRefusedForGreen() throws Exception {
            databases.onBlue("create function shout(t text) returns text immutable language sql as 'select upper(t)'");
            assertThat(expression("text", "shout(i.title)"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message()).contains("cannot be evaluated on green"));
        }

        @Test
        void whoseTypeCannotBeCastIsRefused() throws Exception {
            assertThat(expression("point", "i.id"))
                    .first()
                    .satisfies(finding -> assertThat(finding.message()).contains("cannot cast type bigint to point"));
        }

        @Test
        void withASubqueryIsRefused() throws Exception {
            assertThat(expression("bigint", "(select max(id) from items)"))
                    .first()
                    .satisfies(finding -> assertThat(finding.message()).contains("cannot use subquery"));
        }

        @Test
        void withAQuestionMarkIsRefusedWithTheFunctionToUse() throws Exception {
            assertThat(expression("boolean", "i.tags ? 'red'")).first().satisfies(finding -> {
                assertThat(finding.id()).isEqualTo("mapping.question-mark");
                assertThat(finding.fix()).contains("jsonb_exists");
            });
        }
    }

    @Nested
    final class AFilter {
        @Test
        void thatIsNoConditionIsRefused() throws Exception {
            assertThat(filter("i.id + 1"))
                    .first()
                    .satisfies(finding -> assertThat(finding.message())
                            .contains("the expression of public.product cannot be evaluated on blue: i.id + 1")
                            .contains("must be type boolean"));
        }

        @Test
        void thatReadsTheClockIsRefused() throws Exception {
            assertThat(filter("i.created < now()")).extracting(Finding::id).containsExactly("mapping.not-immutable");
        }

        private List<Finding> filter(String where) throws InterruptedException {
            databases.onGreen("drop table product; create table product (id bigint primary key)");
            return CheckWorld.of(databases)
                    .with(CheckWorld.rule("items", "i", "product", Optional.of(where), Map.of("id", "i.id")))
                    .run(new ExpressionCheck());
        }
    }

    @Nested
    final class AType {
        @Test
        void ofGreenThatBlueDoesNotHaveIsRefused() throws Exception {
            databases.onGreen("create type mood as enum ('happy')");
            assertThat(expression("mood", "'happy'")).singleElement().satisfies(finding -> {
                assertThat(finding.id()).isEqualTo("mapping.type");
                assertThat(finding.message()).contains("with type \"public\".\"mood\", which blue does not have");
            });
        }

        @Test
        void thatTheSchemaStillToComeWillBringIsCheckedLater() throws Exception {
            databases.onBlue("create type mood as enum ('happy'); create table face (id int primary key, mood mood)");
            databases.onGreen("drop table product");
            assertThat(CheckWorld.of(databases)
                            .from(new SchemaOrigin.Changelog(Path.of("."), "green.yaml"))
                            .run(new ExpressionCheck()))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
                        assertThat(finding.message()).contains("can be checked on green only when it has type");
                    });
        }
    }

    @Nested
    final class SeveralRules {
        private static final String PURCHASE = "create table purchase (id bigint primary key, state text, note text);"
                + " create table person (id bigint primary key); create table company (id bigint primary key)";

        private static MappingSpec.Rule rule(String from, Optional<String> where, Map<String, String> columns) {
            return CheckWorld.rule(from, "r", "purchase", where, columns)
                    .targets()
                    .getFirst()
                    .rules()
                    .getFirst();
        }

        private List<Finding> merged(Map<String, String> orders, Map<String, String> archive) throws Exception {
            return together(rule("orders", Optional.empty(), orders), rule("archive", Optional.empty(), archive));
        }

        /** Of two rules whose rows nothing but what they say tells apart; empty for one that says nothing. */
        private List<Finding> owned(String orders, String archive) throws Exception {
            return together(
                    owning(rule("orders", Optional.empty(), columns("r.id", "'any'")), orders),
                    owning(rule("archive", Optional.empty(), columns("r.id + 1000", "'any'")), archive));
        }

        private List<Finding> together(MappingSpec.Rule orders, MappingSpec.Rule archive) throws Exception {
            databases
                    .onBlue("create table orders (id int primary key); create table archive (id int primary key);"
                            + " insert into orders values (1), (7); insert into archive values (7), (8)")
                    .onGreen(PURCHASE);
            return findings(Map.of("purchase", List.of(orders, archive)));
        }

        private static MappingSpec.Rule owning(MappingSpec.Rule rule, String owns) {
            return new MappingSpec.Rule(
                    rule.from(),
                    rule.alias(),
                    rule.where(),
                    rule.expand(),
                    rule.columns(),
                    rule.inverse(),
                    Optional.of(owns).filter(text -> !text.isEmpty()));
        }

        private List<Finding> findings(Map<String, List<MappingSpec.Rule>> rules) throws Exception {
            MappingSpec mapping = new MappingSpec(
                    rules.entrySet().stream()
                            .map(target -> new MappingSpec.Target(TableName.parse(target.getKey()), target.getValue()))
                            .toList(),
                    Map.of(),
                    List.of(),
                    List.of(TablePattern.EVERY_TABLE));
            CheckWorld world = CheckWorld.of(databases).with(mapping);
            List<Finding> findings = new ArrayList<>(world.run(new PlanCheck()));
            findings.addAll(world.run(new ExpressionCheck()));
            findings.addAll(world.run(new MergeCheck()));
            return findings.stream().filter(Finding::refuses).toList();
        }

        private static Map<String, String> columns(String id, String state) {
            return Map.of("id", id, "state", state);
        }

        @Test
        void withConstantsAndKeysOfTheirOwnPass() throws Exception {
            assertThat(merged(columns("r.id", "'open'"), columns("r.id + 1000", "'done'")))
                    .isEmpty();
        }

        @Test
        void thatNothingTellsApartAreRefused() throws Exception {
            assertThat(merged(columns("r.id", "'open'"), columns("r.id + 1000", "'open'")))
                    .extracting(Finding::id, Finding::object)
                    .containsExactly(tuple("mapping.merge-mark", "public.purchase"));
        }

        @Test
        void whoseConstantsAreTheSameInOtherWordsAreRefused() throws Exception {
            assertThat(merged(columns("r.id", "'open'"), columns("r.id + 1000", "'op' || 'en'")))
                    .extracting(Finding::message)
                    .singleElement(STRING)
                    .contains("are the same values, so nothing in a row of public.purchase tells whose it is");
        }

        @Test
        void thatSayWhichRowsAreTheirsPass() throws Exception {
            assertThat(owned("t.id < 1000", "t.id >= 1000")).isEmpty();
        }

        @Test
        void thatDoNotOwnARowOfTheirsAreRefusedWithTheRow() throws Exception {
            assertThat(owned("t.id < 1000", "t.id > 1007"))
                    .extracting(Finding::id, Finding::message)
                    .containsExactly(tuple(
                            "mapping.merge-mark",
                            "row (1007,any) of public.purchase comes from public.archive, whose rule does not own it by"
                                    + " its owns:"));
        }

        @Test
        void thatOwnARowOfAnotherAreRefusedWithTheRow() throws Exception {
            assertThat(owned("t.id < 1008", "t.id >= 1000"))
                    .extracting(Finding::id, Finding::message)
                    .containsExactly(tuple(
                            "mapping.merge-mark",
                            "row (1007,any) of public.purchase comes from public.archive, and by owns: another rule of"
                                    + " it owns it too"));
        }

        @Test
        void ofWhichOneDoesNotSayWhatIsItsAreRefused() throws Exception {
            assertThat(owned("t.id < 1000", ""))
                    .extracting(Finding::id, Finding::object)
                    .contains(tuple("mapping.owns", "public.purchase"));
        }

        @Test
        void thatOwnByWhatTheyDoNotFeedAreRefused() throws Exception {
            assertThat(owned("t.note is null", "t.id >= 1000"))
                    .extracting(Finding::id, Finding::message)
                    .containsExactly(tuple(
                            "mapping.owns",
                            "owns: of the rule from public.orders reads [note] of public.purchase, which the rule does"
                                    + " not feed"));
        }

        @Test
        void thatOwnByTheClockAreRefused() throws Exception {
            assertThat(owned("t.id < 1000 + 0 * extract(year from now())", "t.id >= 1000"))
                    .extracting(Finding::id, Finding::object)
                    .containsExactly(tuple("mapping.not-immutable", "public.purchase"));
        }

        @Test
        void thatAreAloneOwnEveryRow() throws Exception {
            databases.onBlue("create table orders (id int primary key)").onGreen(PURCHASE);
            assertThat(findings(Map.of(
                            "purchase",
                            List.of(owning(
                                    rule("orders", Optional.empty(), columns("r.id", "'any'")), "t.id < 1000")))))
                    .extracting(Finding::id, Finding::fix)
                    .containsExactly(tuple("mapping.owns", "remove owns:"));
        }

        @Test
        void ofWhichOneMakesManyRowsOfOneAreLookedAtWithThose() throws Exception {
            databases
                    .onBlue("create table orders (id int primary key, more int[]);"
                            + " create table archive (id int primary key);"
                            + " insert into orders values (1, '{7}'); insert into archive values (7)")
                    .onGreen("create table purchase (id bigint, n bigint, primary key (id, n), state text)");
            MappingSpec.Rule many = new MappingSpec.Rule(
                    TableName.parse("orders"),
                    "r",
                    Optional.empty(),
                    Optional.of("unnest(r.more) as x(n)"),
                    CheckWorld.rule("orders", "r", "purchase", Map.of("id", "r.id", "n", "x.n", "state", "'a'"))
                            .targets()
                            .getFirst()
                            .rules()
                            .getFirst()
                            .columns(),
                    List.of());
            MappingSpec.Rule one = rule("archive", Optional.empty(), Map.of("id", "1", "n", "r.id", "state", "'b'"));
            assertThat(findings(Map.of("purchase", List.of(many, one))))
                    .extracting(Finding::message)
                    .singleElement(STRING)
                    .startsWith("key (1,7) of public.purchase would come from a row of");
        }

        @Test
        void whoseKeysMeetAreRefusedWithTheKey() throws Exception {
            assertThat(merged(columns("r.id", "'open'"), columns("r.id", "'done'")))
                    .extracting(Finding::message)
                    .singleElement(STRING)
                    .isEqualTo("key (7) of public.purchase would come from a row of public.archive and from a row of"
                            + " public.orders");
        }

        @Test
        void thatFeedOtherColumnsAreRefused() throws Exception {
            assertThat(merged(
                            columns("r.id", "'open'"), Map.of("id", "r.id + 1000", "state", "'done'", "note", "'old'")))
                    .extracting(Finding::id, Finding::object)
                    .containsExactly(tuple("mapping.merge-columns", "public.purchase.note"));
        }

        @Test
        void ofOneTableThatTakeTheSameRowAreRefusedWhenThereIsAWayBack() throws Exception {
            databases
                    .onBlue(
                            "create table party (id int primary key, kind text); alter table party replica identity full;"
                                    + " insert into party values (1, 'a'), (2, 'b'), (3, 'ab')")
                    .onGreen(PURCHASE);
            Map<String, List<MappingSpec.Rule>> rules = Map.of(
                    "person",
                    List.of(rule("party", Optional.of("r.kind like '%a%'"), Map.of("id", "r.id"))),
                    "company",
                    List.of(rule("party", Optional.of("r.kind like '%b%'"), Map.of("id", "r.id"))));
            assertThat(findings(rules)).isEmpty();
            CheckWorld world = CheckWorld.of(databases)
                    .reversible()
                    .with(new MappingSpec(
                            rules.entrySet().stream()
                                    .map(target ->
                                            new MappingSpec.Target(TableName.parse(target.getKey()), target.getValue()))
                                    .toList(),
                            Map.of(),
                            List.of(),
                            List.of(TablePattern.EVERY_TABLE)));
            assertThat(world.run(new MergeCheck()))
                    .extracting(Finding::message)
                    .singleElement(STRING)
                    .startsWith("row (3) of public.party goes to public.")
                    .endsWith("and on the way back each would write the whole row");
        }
    }

    @Nested
    final class AnExpansion {
        private List<Finding> expanded(String item, String tag) throws Exception {
            databases
                    .onBlue("alter table items add words text[]; create table other (word text)")
                    .onGreen("create table product_word (id bigint, n int, word text, primary key (id, n));"
                            + " create table other (word text)");
            MappingSpec.Rule rule = new MappingSpec.Rule(
                    TableName.parse("items"),
                    "i",
                    Optional.empty(),
                    Optional.of(item),
                    List.of(
                            new MappingSpec.Assignment("id", "i.id"),
                            new MappingSpec.Assignment("n", "x.n::int"),
                            new MappingSpec.Assignment("word", tag)),
                    List.of());
            CheckWorld world = CheckWorld.of(databases)
                    .with(new MappingSpec(
                            List.of(new MappingSpec.Target(TableName.parse("product_word"), List.of(rule))),
                            Map.of(),
                            List.of(),
                            List.of(TablePattern.EVERY_TABLE)));
            List<Finding> findings = new ArrayList<>(world.run(new PlanCheck()));
            findings.addAll(world.run(new ExpressionCheck()));
            return findings.stream().filter(Finding::refuses).toList();
        }

        @Test
        void ofTheRowAlonePasses() throws Exception {
            databases.onBlue("alter table items replica identity full");
            assertThat(expanded("unnest(i.words) with ordinality as x(word, n)", "upper(x.word) || i.title"))
                    .isEmpty();
        }

        @Test
        void thatReadsATableIsRefused() throws Exception {
            assertThat(expanded("(select word, 1 from other) as x(word, n)", "x.word"))
                    .extracting(Finding::message)
                    .contains("the rule from public.items expands by what is in other, and a change there would not"
                            + " reach public.product_word");
        }

        @Test
        void thatGivesSomethingElseTheNextTimeIsRefused() throws Exception {
            assertThat(expanded("(select random()::text, 1) as x(word, n)", "x.word"))
                    .extracting(Finding::message)
                    .contains("the rule from public.items expands by random(), which can give something else the next"
                            + " time");
        }

        @Test
        void whoseColumnsHaveNoNamesIsRefused() throws Exception {
            assertThat(expanded("unnest(i.words) with ordinality", "i.title"))
                    .extracting(Finding::id)
                    .contains("mapping.expand");
        }

        @Test
        void thatMeansNothingIsRefusedOnceForEachServer() throws Exception {
            assertThat(expanded("unnest(i.absent) with ordinality as x(word, n)", "x.word"))
                    .extracting(Finding::id)
                    .containsOnly("mapping.expand");
        }

        @Test
        void whoseExpressionDependsOnASettingIsRefused() throws Exception {
            assertThat(expanded("unnest(i.words) with ordinality as x(word, n)", "x.word::timestamptz::text"))
                    .extracting(Finding::id)
                    .contains("mapping.not-immutable");
        }

        @Test
        void thatReadsALargeValueBesideOthersNeedsTheWholeOldRow() throws Exception {
            assertThat(expanded("unnest(i.words) with ordinality as x(word, n)", "x.word || i.title"))
                    .extracting(Finding::id)
                    .contains("blue.identity-full");
        }
    }

    @Nested
    final class AValue {
        @Test
        void thatFitsPasses() throws Exception {
            databases.onBlue("insert into items select n, 'title ' || n, n from generate_series(1, 3000) n");
            assertThat(value("varchar(20) not null", "upper(i.title)")).isEmpty();
        }

        @Test
        void thatIsTooLongIsRefusedWithItsKey() throws Exception {
            databases.onBlue("insert into items select n, 'short' from generate_series(1, 500) n;"
                    + " insert into items values (4711, 'a title that is far too long')");
            assertThat(value("varchar(20)", "trim(i.title)")).singleElement().satisfies(finding -> {
                assertThat(finding.refuses()).isTrue();
                assertThat(finding.object()).isEqualTo("public.product.value");
                assertThat(finding.message())
                        .isEqualTo(
                                "row id=4711 of public.items does not fit public.product.value: value too long for type"
                                        + " character varying(20); the expression is trim(i.title)");
            });
        }

        @Test
        void thatIsNullWhereGreenWantsOneIsRefused() throws Exception {
            databases.onBlue("insert into items values (1, 'one'), (2, null), (3, 'three')");
            assertThat(value("text not null", "upper(i.title)"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message())
                            .contains("row id=2 of public.items")
                            .contains("violates not-null constraint"));
        }

        @Test
        void thatMakesTheExpressionFailIsRefusedEvenBeforeGreensTableExists() throws Exception {
            databases.onGreen("drop table product");
            databases.onBlue("insert into items values (1, 'one', 4), (2, 'two', 0)");
            CheckWorld world = CheckWorld.of(databases)
                    .with(CheckWorld.rule("items", "i", "product", Map.of("id", "i.id", "value", "100 / i.price")))
                    .from(new SchemaOrigin.Changelog(Path.of("."), "green.yaml"));
            assertThat(world.run(new ValueCheck()))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message())
                            .contains("row id=2 of public.items does not fit public.product.value: division by zero"));
        }

        @Test
        void thatTheFilterKeepsOutIsNoneOfOurBusiness() throws Exception {
            databases.onGreen("drop table product; create table product (id bigint primary key, value varchar(3))");
            databases.onBlue("insert into items values (1, 'one'), (2, 'two hundred')");
            assertThat(CheckWorld.of(databases)
                            .with(CheckWorld.rule(
                                    "items",
                                    "i",
                                    "product",
                                    Optional.of("length(i.title) < 4"),
                                    Map.of("id", "i.id", "value", "i.title")))
                            .run(new ValueCheck()))
                    .isEmpty();
        }

        @Test
        void beyondANarrowerIntegerIsFoundWhereverItLies() throws Exception {
            databases.onBlue("""
                    alter table items add count bigint;
                    insert into items (id, count) select n, n from generate_series(1, 200000) n;
                    update items set count = 3000000000 where id = 123456;
                    analyze items
                    """);
            assertThat(value("int", "i.count"))
                    .anySatisfy(finding -> assertThat(finding.message())
                            .isEqualTo(
                                    "row id=123456 of public.items does not fit public.product.value: 3000000000 is out of"
                                            + " range for int4"));
        }

        @Test
        void ofAPartitionIsLookedAtToo() throws Exception {
            databases.onBlue("""
                    create table visit (id bigint, day date, note text, primary key (id, day)) partition by range (day);
                    create table visit_1 partition of visit for values from ('2025-01-01') to ('2026-01-01');
                    create table visit_2 partition of visit for values from ('2026-01-01') to ('2027-01-01');
                    insert into visit values (1, '2025-05-05', 'short'), (2, '2026-05-05', 'far too long')
                    """);
            databases.onGreen("create table stay (id bigint, day date, note varchar(5), primary key (id, day))");
            assertThat(CheckWorld.of(databases)
                            .with(CheckWorld.rule(
                                    "visit", "v", "stay", Map.of("id", "v.id", "day", "v.day", "note", "v.note")))
                            .run(new ValueCheck()))
                    .singleElement()
                    .satisfies(finding ->
                            assertThat(finding.message()).contains("row id=2, day=2026-05-05 of public.visit"));
        }

        private List<Finding> value(String type, String expression) throws InterruptedException {
            return world(type, expression).run(new ValueCheck());
        }
    }

    private List<Finding> expression(String type, String expression) throws InterruptedException {
        return world(type, expression).run(new ExpressionCheck());
    }

    private CheckWorld world(String type, String expression) {
        databases.onGreen(
                "drop table if exists product; create table product (id bigint primary key, value %s)".formatted(type));
        return CheckWorld.of(databases)
                .with(CheckWorld.rule("items", "i", "product", Map.of("id", "i.id", "value", expression)));
    }
}
