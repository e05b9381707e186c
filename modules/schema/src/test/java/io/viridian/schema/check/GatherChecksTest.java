package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.schema.TwoDatabases;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many rows of green that are values of one row of blue: what is refused, and inverses that do not lead back. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class GatherChecksTest {
    private static final String ITEM = "public.items";

    private static final String RIGHT = "coalesce(array_agg(t.tag order by t.position), '{}')";

    private final TwoDatabases databases;

    GatherChecksTest(int blueMajor) throws SQLException {
        databases = TwoDatabases.shared(blueMajor, 18).onBlue("""
                        create table items (id int primary key, name text not null, tags text[] not null default '{}',
                            must text[] not null default '{}', price int);
                        alter table items replica identity full;
                        create table others (id int primary key, tags text[]);
                        alter table others replica identity full;
                        insert into items
                        select n, 'n' || n, array(select chr(97 + (n * 7 + m * 5) % 26) from generate_series(1, n % 5) m), '{}', n
                        from generate_series(1, 40) n;
                        insert into items values (90, 'twice', '{x,x}', '{}', 1), (91, 'empty', '{}', '{}', 1),
                            (92, 'quoted', '{"a,b",""}', '{}', 1)
                        """).onGreen("""
                        create table product (id int primary key, name text not null, must text[], price int);
                        create table product_tag (product int, position int, tag text, extra text, other text,
                            primary key (product, position));
                        alter table product_tag replica identity full;
                        create table narrow (product int, position int, tag text, primary key (product, position))
                        """);
    }

    @AfterEach
    void close() {
        databases.close();
    }

    private static MappingSpec.Target whole() {
        return target(
                "product",
                "items",
                Optional.empty(),
                Optional.empty(),
                Map.of("id", "s.id", "name", "s.name"),
                Map.of());
    }

    private static MappingSpec.Target tags(String table, Map<String, String> inverse) {
        return target(
                table,
                "items",
                Optional.empty(),
                Optional.of("unnest(s.tags) with ordinality as x(tag, position)"),
                Map.of("product", "s.id", "position", "x.position::int", "tag", "x.tag"),
                inverse);
    }

    private static MappingSpec.Target target(
            String table,
            String from,
            Optional<String> where,
            Optional<String> expand,
            Map<String, String> columns,
            Map<String, String> inverse) {
        return new MappingSpec.Target(
                TableName.parse(table),
                List.of(new MappingSpec.Rule(
                        TableName.parse(from), "s", where, expand, assignments(columns), assignments(inverse))));
    }

    private static List<Assignment> assignments(Map<String, String> expressions) {
        return expressions.entrySet().stream()
                .map(one -> new Assignment(one.getKey(), one.getValue()))
                .toList();
    }

    private List<Finding> found(Check check, MappingSpec.Target... targets) throws InterruptedException {
        MappingSpec mapping =
                new MappingSpec(List.of(targets), Map.of(), List.of(), List.of(TablePattern.parse("public.others")));
        return CheckWorld.of(databases).with(mapping).reversible().run(check).stream()
                .filter(finding -> finding.severity() == Finding.Severity.REFUSED)
                .toList();
    }

    private void assertRefused(String object, String inDetail, MappingSpec.Target... targets)
            throws InterruptedException {
        List<Finding> findings = found(new PlanCheck(), targets);
        assertThat(findings).extracting(Finding::id, Finding::object).contains(tuple("mapping.gather", object));
        assertThat(findings).anySatisfy(finding -> assertThat(finding.message()).contains(inDetail));
    }

    @Test
    void anOrderedListLeadsBack() throws Exception {
        for (Check check : List.of(new PlanCheck(), new ExpressionCheck(), new InverseCheck())) {
            assertThat(found(check, whole(), tags("product_tag", Map.of("tags", RIGHT))))
                    .isEmpty();
        }
    }

    @Test
    void rowsThatNobodyLeadsBackAreRefused() throws Exception {
        assertRefused("public.product_tag", "no rule before", tags("product_tag", Map.of("tags", RIGHT)));
        assertRefused("public.product_tag", "no rule before", tags("product_tag", Map.of("tags", RIGHT)), whole());
    }

    @Test
    void whatNothingIsSaidAboutIsRefused() throws Exception {
        assertRefused("public.product_tag", "nothing says what becomes", whole(), tags("product_tag", Map.of()));
    }

    @Test
    void aConditionIsRefused() throws Exception {
        assertRefused(
                "public.product_tag",
                "only where a condition holds",
                whole(),
                target(
                        "product_tag",
                        "items",
                        Optional.of("s.price > 1"),
                        Optional.of("unnest(s.tags) with ordinality as x(tag, position)"),
                        Map.of("product", "s.id", "position", "x.position::int", "tag", "x.tag"),
                        Map.of("tags", RIGHT)));
    }

    @Test
    void rowsOfSeveralRulesAreRefused() throws Exception {
        List<MappingSpec.Rule> rules = new ArrayList<>();
        for (String position : List.of("x.position::int", "-x.position::int")) {
            rules.add(new MappingSpec.Rule(
                    TableName.parse("items"),
                    "s",
                    Optional.empty(),
                    Optional.of("unnest(s.tags) with ordinality as x(tag, position)"),
                    assignments(Map.of(
                            "product",
                            "s.id",
                            "position",
                            position,
                            "tag",
                            "x.tag",
                            "other",
                            rules.isEmpty() ? "'1'" : "'2'")),
                    assignments(Map.of("tags", RIGHT))));
        }
        assertRefused(
                "public.product_tag",
                "several rules fill",
                whole(),
                new MappingSpec.Target(TableName.parse("product_tag"), rules));
    }

    @Test
    void aColumnThatCannotBeEmptyIsRefused() throws Exception {
        databases.onBlue("alter table items alter must drop default");
        assertThat(found(
                        new PlanCheck(),
                        whole(),
                        tags("product_tag", Map.of("must", "array_agg(t.tag order by t.position)"))))
                .extracting(Finding::id, Finding::object)
                .contains(tuple("mapping.no-inverse", "public.items.must"));
    }

    @Test
    void aColumnThatTheWholeRowLeadsBackToIsRefused() throws Exception {
        assertRefused(
                "public.items.name", "two rules lead", whole(), tags("product_tag", Map.of("name", "max(t.tag)")));
    }

    @Test
    void whatTheRuleDoesNotFeedCannotBeRead() throws Exception {
        assertRefused(
                "public.items.tags",
                "[extra]",
                whole(),
                tags("product_tag", Map.of("tags", "array_agg(t.extra order by t.position)")));
    }

    @Test
    void namesOfRowsThatTheRuleDoesNotFeedAreRefused() throws Exception {
        databases.onGreen("""
                alter table narrow add other int not null default 0;
                create unique index by_other on narrow (other);
                alter table narrow replica identity using index by_other
                """);
        assertRefused("public.narrow", "named by columns", whole(), tags("narrow", Map.of("tags", RIGHT)));
    }

    @Test
    void largeValuesNeedWholeRows() throws Exception {
        assertThat(found(new PlanCheck(), whole(), tags("narrow", Map.of("tags", RIGHT))))
                .extracting(Finding::id, Finding::object)
                .contains(tuple("blue.identity-full", "public.narrow"));
    }

    private void assertExpressionRefused(String id, String inverse, String inDetail) throws InterruptedException {
        List<Finding> findings = found(new ExpressionCheck(), whole(), tags("product_tag", Map.of("tags", inverse)));
        assertThat(findings).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.id()).isEqualTo(id);
            assertThat(finding.object()).isEqualTo("public.items.tags");
            assertThat(finding.message()).contains(inDetail);
        });
    }

    @Test
    void aListInNoOrderIsRefused() throws Exception {
        assertExpressionRefused("mapping.not-immutable", "array_agg(t.tag)", "order in which rows are read");
    }

    @Test
    void aColumnOutsideAnAggregateIsRefused() throws Exception {
        assertExpressionRefused("mapping.expression", "array[t.tag]", "42803");
    }

    @Test
    void whatDependsOnMoreThanTheRowsIsRefused() throws Exception {
        assertExpressionRefused(
                "mapping.not-immutable",
                "array_agg(t.tag || clock_timestamp()::text order by t.position)",
                "clock_timestamp()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "array_agg(t.tag order by t.position)",
                "coalesce(array_agg(t.tag order by t.tag), '{}')",
                "coalesce(array_agg(t.tag order by t.position desc), '{}')",
                "coalesce(array_agg(distinct t.tag order by t.tag), '{}')",
                "coalesce(array_agg(upper(t.tag) order by t.position), '{}')",
                "coalesce(array_agg(t.tag order by t.position) filter (where t.tag <> ''), '{}')",
                "coalesce(array_agg(t.tag order by t.position) filter (where t.position <= 3), '{}')",
                "coalesce(string_to_array(string_agg(t.tag, ',' order by t.position), ','), '{}')",
                "array[min(t.tag), max(t.tag)]",
                "coalesce(array_agg(trim(t.tag, 'a') order by t.position), '{}')"
            })
    void anInverseThatDoesNotLeadBackIsRefused(String wrong) throws Exception {
        assertThat(found(new InverseCheck(), whole(), tags("product_tag", Map.of("tags", wrong))))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.inverse", ITEM + ".tags"));
    }
}
