package io.viridian.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plan of very many tables is made in moments: no table costs a walk through all others. */
class ManyTablesTest {
    private static final TypeName BIGINT = new TypeName("pg_catalog", "int8");

    /** A second or two of work, and with a walk for each table longer than the test may take. */
    private static final int TABLES = 40_000;

    @Test
    @Timeout(60)
    void eachIsFoundByItsName() {
        List<TableShape> tables =
                IntStream.range(0, TABLES).mapToObj(ManyTablesTest::table).toList();
        List<SequenceName> sequences = IntStream.range(0, TABLES)
                .mapToObj(number -> new SequenceName("public", "numbers_" + number))
                .toList();
        Catalog catalog = new Catalog(tables, sequences);
        Planned planned = Planner.plan(new PlanRequest(
                "shop",
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                new MappingSpec(List.of(), Map.of(), List.of(TablePattern.EVERY_TABLE), List.of()),
                catalog,
                new Catalog(tables, sequences),
                true,
                true));
        assertThat(planned.findings()).isEmpty();
        assertThat(planned.plan().forward()).hasSize(TABLES);
        assertThat(planned.plan().sequences()).hasSize(TABLES);
    }

    @Test
    void aCatalogKnowsWhatItHoldsAndNothingElse() {
        SequenceName numbers = new SequenceName("public", "numbers");
        Catalog catalog = new Catalog(List.of(table(1)), List.of(numbers));
        assertThat(catalog.table(table(1).name())).contains(table(1));
        assertThat(catalog.table(table(2).name())).isEmpty();
        assertThat(catalog.hasSequence(numbers)).isTrue();
        assertThat(catalog.hasSequence(new SequenceName("public", "others"))).isFalse();
        assertThat(catalog).isEqualTo(new Catalog(List.of(table(1)), List.of(numbers)));
        assertThat(catalog).isNotEqualTo(new Catalog(List.of(), List.of(numbers)));
    }

    private static TableShape table(int number) {
        return new TableShape(
                new TableName("public", "small_" + number),
                number,
                List.of(new ColumnShape("id", BIGINT, "bigint", true, false, false, false, false)),
                List.of("id"),
                new RowIdentity.Key(List.of("id")),
                List.of(),
                List.of(),
                false,
                0,
                0);
    }
}
