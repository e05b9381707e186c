package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.schema.TwoDatabases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a mapping says that nothing, or not everything, could lead back. */
class WayBackChecksTest {
    private TwoDatabases databases;

    @BeforeEach
    void open() throws Exception {
        databases = TwoDatabases.shared(15, 18).onBlue("""
                        create table customers (id int primary key, name text not null, town text, rank int not null default 1);
                        alter table customers replica identity full;
                        create table things (id int, kind text, v int, primary key (id, kind))
                        """).onGreen("""
                        create table customer (id int primary key, name text not null);
                        create table address (id int primary key, town text, rank int);
                        create table thing (id int primary key, v int);
                        create table shown (id int primary key, name text not null, town text, shout text)
                        """);
    }

    @AfterEach
    void close() {
        databases.close();
    }

    private static MappingSpec.Target target(
            String table,
            String from,
            Optional<String> where,
            Map<String, String> columns,
            Map<String, String> inverse) {
        return new MappingSpec.Target(
                TableName.parse(table),
                List.of(new MappingSpec.Rule(
                        TableName.parse(from), "s", where, assignments(columns), assignments(inverse))));
    }

    private static List<Assignment> assignments(Map<String, String> expressions) {
        return expressions.entrySet().stream()
                .map(one -> new Assignment(one.getKey(), one.getValue()))
                .toList();
    }

    private List<Finding> found(boolean reversible, MappingSpec.Target... targets) throws InterruptedException {
        MappingSpec mapping = new MappingSpec(
                List.of(targets),
                Map.of(),
                List.of(),
                List.of(TablePattern.parse("public.customers"), TablePattern.parse("public.things")));
        CheckWorld world = CheckWorld.of(databases).with(mapping);
        return (reversible ? world.reversible() : world)
                .run(new PlanCheck()).stream()
                        .filter(finding -> finding.severity() != Finding.Severity.NOTE)
                        .filter(finding -> !finding.id().equals("mapping.unmapped-column"))
                        .toList();
    }

    private List<Finding> parts(Map<String, String> address, Map<String, String> inverse) throws InterruptedException {
        return found(
                true,
                target("customer", "customers", Optional.empty(), Map.of("id", "s.id", "name", "s.name"), Map.of()),
                target("address", "customers", Optional.of("s.town is not null"), address, inverse));
    }

    @Test
    void aPartOfEveryRowIsRefused() throws Exception {
        databases.onGreen("alter table address replica identity full");
        assertThat(found(
                        true,
                        target(
                                "customer",
                                "customers",
                                Optional.empty(),
                                Map.of("id", "s.id", "name", "s.name"),
                                Map.of()),
                        target(
                                "address",
                                "customers",
                                Optional.empty(),
                                Map.of("id", "s.id", "town", "s.town"),
                                Map.of())))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.part", "public.address"));
    }

    @Test
    void partsThatCanBeEmptyPass() throws Exception {
        databases.onGreen("alter table address replica identity full");
        assertThat(parts(Map.of("id", "s.id", "town", "s.town"), Map.of())).isEmpty();
    }

    /** What is found about a second rule, of the towns, with this condition. */
    private List<Finding> towns(String where) throws InterruptedException {
        databases.onGreen("alter table address replica identity full");
        CheckWorld world = CheckWorld.of(databases)
                .reversible()
                .with(new MappingSpec(
                        List.of(
                                target(
                                        "customer",
                                        "customers",
                                        Optional.empty(),
                                        Map.of("id", "s.id", "name", "s.name"),
                                        Map.of()),
                                target(
                                        "address",
                                        "customers",
                                        Optional.of(where),
                                        Map.of("id", "s.id", "town", "s.town"),
                                        Map.of())),
                        Map.of(),
                        List.of(),
                        List.of(TablePattern.EVERY_TABLE)));
        assertThat(world.run(new PlanCheck())).filteredOn(Finding::refuses).isEmpty();
        return world.run(new PartCheck());
    }

    @Test
    void aPartThatIsThereWithValuesOnlyPasses() throws Exception {
        databases.onBlue("insert into customers values (1, 'Ada', 'London', 3), (2, 'Alan', null, 9)");
        assertThat(towns("s.town is not null")).isEmpty();
        assertThat(towns("s.town <> ''")).as("unknown is not true").isEmpty();
        assertThat(towns("s.town is not null and s.rank > 5")).isEmpty();
        assertThat(towns("s.rank > 50")).as("no such row").isEmpty();
    }

    @Test
    void aPartThatIsThereWithoutValuesIsRefused() throws Exception {
        assertThat(towns("coalesce(s.town, '') <> 'nowhere'"))
                .as("no row is needed to see it")
                .extracting(Finding::id, Finding::object, Finding::message)
                .containsExactly(tuple(
                        "mapping.part",
                        "public.address",
                        "a row of public.customers would have a row of public.address also without [town], so one that"
                                + " is gone on green would be there again after a rollback"));
    }

    @Test
    void aPartThatOtherValuesOfARowBringIsRefusedWithTheRow() throws Exception {
        databases.onBlue("insert into customers values (1, 'Ada', 'London', 3), (2, 'Alan', 'Wilmslow', 9)");
        assertThat(towns("s.rank > 5"))
                .extracting(Finding::id, Finding::message)
                .containsExactly(tuple(
                        "mapping.part",
                        "row (2) of public.customers would have a row of public.address also without [town], so one"
                                + " that is gone on green would be there again after a rollback"));
    }

    @Test
    void aPartThatBlueCannotLeaveEmptyIsRefused() throws Exception {
        assertThat(parts(Map.of("id", "s.id", "rank", "s.rank"), Map.of()))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.part", "public.customers.rank"));
    }

    @Test
    void aColumnThatTwoRulesLeadBackIsRefused() throws Exception {
        databases.onGreen("alter table address replica identity full");
        assertThat(parts(Map.of("id", "s.id", "town", "s.name"), Map.of("name", "t.town")))
                .extracting(Finding::id, Finding::object)
                .contains(tuple("mapping.part", "public.customers.name"));
    }

    @Test
    void aPartWithLargeValuesNeedsWholeRows() throws Exception {
        assertThat(parts(Map.of("id", "s.id", "town", "s.town"), Map.of()))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("blue.identity-full", "public.address"));
    }

    @Test
    void aColumnThatNothingLeadsBackIsWarnedOf() throws Exception {
        assertThat(found(
                        true,
                        target(
                                "shown",
                                "customers",
                                Optional.empty(),
                                Map.of("id", "s.id", "name", "s.name", "town", "s.town", "shout", "upper(s.name)"),
                                Map.of())))
                .extracting(Finding::severity, Finding::id, Finding::object)
                .containsExactly(tuple(Finding.Severity.WARNING, "mapping.irreversible", "public.shown.shout"));
    }

    @Test
    void rowsThatMayComeToTheKeyOfAnotherNeedToBeKnown() throws Exception {
        assertThat(found(
                        false,
                        target("thing", "things", Optional.of("s.v > 0"), Map.of("id", "s.id", "v", "s.v"), Map.of())))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("blue.identity-full", "public.things"));
        assertThat(found(
                        false,
                        target(
                                "thing",
                                "things",
                                Optional.of("s.kind = 'a'"),
                                Map.of("id", "s.id", "v", "s.v"),
                                Map.of())))
                .as("the key tells")
                .isEmpty();
        databases.onBlue("alter table things replica identity full");
        assertThat(found(
                        false,
                        target("thing", "things", Optional.of("s.v > 0"), Map.of("id", "s.id", "v", "s.v"), Map.of())))
                .as("the row as it was tells")
                .isEmpty();
    }
}
