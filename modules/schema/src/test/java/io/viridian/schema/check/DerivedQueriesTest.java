package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.plan.DerivedQuery;
import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planner;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What blue's server and the planner say about the query of a target. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class DerivedQueriesTest {
    private static final TableName TOTAL = TableName.parse("total");

    private final Database blue;

    DerivedQueriesTest(int version) throws Exception {
        PostgresServer server = SharedServers.blue(version);
        blue = new Database(
                new Endpoint(Side.BLUE, server.jdbcUrl(server.freshDatabase("derived")), Map.of("user", "postgres")),
                "viridian test");
        blue.run(session -> session.execute("""
                create table orders (id int primary key, customer_id int);
                create table lines (order_id int, number int, price int, primary key (order_id, number));
                create table keyless (order_id int); alter table keyless replica identity full;
                create view seen as select * from orders;
                create table total (order_id int primary key, lines bigint not null)
                """));
    }

    @AfterEach
    void close() {
        blue.close();
    }

    private static MappingSpec mapping(String query, Map<TableName, String> affected) {
        MappingSpec.Derive derive = new MappingSpec.Derive(List.of("order_id"), query, affected);
        return new MappingSpec(
                List.of(new MappingSpec.Target(TOTAL, List.of(), Optional.of(derive))),
                Map.of(),
                List.of(),
                List.of(TablePattern.EVERY_TABLE));
    }

    private List<Finding> refusals(String query, Map<TableName, String> affected) {
        MappingSpec mapping = mapping(query, affected);
        DerivedQueries queries = DerivedQueries.of(mapping, blue);
        List<Finding> findings = new ArrayList<>(queries.findings());
        findings.addAll(Planner.plan(new PlanRequest(
                        "test",
                        List.of(TablePattern.EVERY_TABLE),
                        List.of(),
                        mapping,
                        blue.query(CatalogReader::read),
                        blue.query(CatalogReader::read),
                        queries.understood(),
                        true,
                        false))
                .findings());
        return findings.stream().filter(Finding::refuses).toList();
    }

    private List<String> ids(String query) {
        return refusals(query, Map.of()).stream().map(Finding::id).toList();
    }

    @Test
    void aJoinIsUnderstoodWithItsColumnsAndTables() {
        String query =
                "select o.id as order_id, count(*) as lines from orders o join lines l on l.order_id = o.id group by 1";
        assertThat(ids(query)).isEmpty();
        DerivedQuery found = Objects.requireNonNull(
                DerivedQueries.of(mapping(query, Map.of()), blue).understood().get(TOTAL));
        assertThat(found.columns()).containsExactly("order_id", "lines");
        assertThat(found.tables()).containsExactlyInAnyOrder(TableName.parse("orders"), TableName.parse("lines"));
        assertThat(found.canonical()).contains("public.orders o").contains("public.lines l");
    }

    @Test
    void aQueryThatMeansNothingIsRefusedWithTheServersWords() {
        assertThat(refusals("select nothing from orders", Map.of()))
                .extracting(Finding::message)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("blue does not understand the query of public.total: ")
                        .contains("column \"nothing\" does not exist"));
    }

    @Test
    void aQueryThatChangesByItselfIsRefused() {
        assertThat(ids("select id as order_id, (random() * 9)::bigint as lines from orders"))
                .containsExactly("mapping.not-immutable");
    }

    @Test
    void aQueryOfWhichNobodyCanTellWhatAChangeConcernsNeedsTheAuthorsWord() {
        String query = "select order_id, count(*) as lines from lines group by order_id having count(*) > 1";
        assertThat(refusals(query, Map.of()))
                .extracting(Finding::id, Finding::message)
                .containsExactly(tuple(
                        "mapping.affected",
                        "which rows of public.total a change of public.lines concerns cannot be told from its query"));
        assertThat(refusals(query, Map.of(TableName.parse("lines"), "select order_id from changed")))
                .isEmpty();
    }

    @Test
    void viewsAndTablesWithoutAKeyAreRefused() {
        assertThat(ids("select id as order_id, 1::bigint as lines from seen"))
                .containsExactly("mapping.unknown-source");
        assertThat(ids("select order_id, 1::bigint as lines from keyless")).containsExactly("mapping.mirror-key");
    }

    @Test
    void whatDoesNotFitTheTargetIsRefused() {
        assertThat(ids("select id as order_id, 1::bigint as lines, 2 as more from orders"))
                .containsExactly("mapping.unknown-column");
        assertThat(ids("select id as order_id from orders")).containsExactly("mapping.unfed-column");
        assertThat(ids("select id as number, 1::bigint as lines from orders"))
                .contains("mapping.unknown-column", "mapping.key");
    }

    private static final String ORDERS = "select id as order_id, customer_id::bigint as lines from orders";

    /** Of a target that only this query fills, with the way back; everything else stays on blue. */
    private List<Finding> refusalsBothWays(MappingSpec.Back... inverse) {
        MappingSpec mapping = new MappingSpec(
                List.of(new MappingSpec.Target(
                        TOTAL,
                        List.of(),
                        Optional.of(new MappingSpec.Derive(List.of("order_id"), ORDERS, Map.of(), List.of(inverse))))),
                Map.of(),
                List.of(),
                List.of(
                        TablePattern.parse("public.lines"),
                        TablePattern.parse("public.keyless"),
                        TablePattern.parse("public.total")));
        return Planner.plan(new PlanRequest(
                        "test",
                        List.of(TablePattern.EVERY_TABLE),
                        List.of(),
                        mapping,
                        blue.query(CatalogReader::read),
                        blue.query(CatalogReader::read),
                        DerivedQueries.of(mapping, blue).understood(),
                        true,
                        true))
                .findings()
                .stream()
                .filter(Finding::refuses)
                .toList();
    }

    private static MappingSpec.Back back(String table, Optional<String> where, Map<String, String> columns) {
        return new MappingSpec.Back(
                TableName.parse(table),
                where,
                columns.entrySet().stream()
                        .map(one -> new MappingSpec.Assignment(one.getKey(), one.getValue()))
                        .toList());
    }

    @Test
    void whatOnlyQueriesReadNeedsAWayBack() {
        assertThat(refusalsBothWays())
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.no-inverse", "public.orders"));
        assertThat(refusalsBothWays(back(
                        "orders",
                        Optional.of("t.lines > 0"),
                        Map.of("id", "t.order_id", "customer_id", "t.lines::int"))))
                .isEmpty();
    }

    @Test
    void aWayBackMustNameTheRowAndWhatIsThere() {
        assertThat(refusalsBothWays(back("orders", Optional.empty(), Map.of("customer_id", "t.lines::int"))))
                .extracting(Finding::id)
                .contains("mapping.no-inverse", "mapping.key");
        assertThat(refusalsBothWays(back("orders", Optional.empty(), Map.of("id", "t.order_id", "nothing", "1"))))
                .extracting(Finding::id)
                .containsExactly("mapping.unknown-column");
        assertThat(refusalsBothWays(back("elsewhere", Optional.empty(), Map.of("id", "t.order_id"))))
                .extracting(Finding::id)
                .contains("mapping.unknown-source");
    }

    @Test
    void nothingIsLeftOnTheServer() {
        String everything = "select count(*)::text from pg_class";
        String before = blue.<String>query(session -> session.one(everything, row -> row.text(1)));
        ids("select id as order_id, 1::bigint as lines from orders");
        String after = blue.<String>query(session -> session.one(everything, row -> row.text(1)));
        assertThat(after).isEqualTo(before);
    }
}
