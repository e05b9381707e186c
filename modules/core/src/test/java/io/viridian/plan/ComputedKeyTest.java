package io.viridian.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Before green's schema exists, a key that the mapping computes is taken for one; afterwards green's own key decides.
 */
class ComputedKeyTest {
    private static final TypeName BIGINT = new TypeName("pg_catalog", "int8");
    private static final TableName ACCOUNTS = TableName.parse("bank.accounts");
    private static final TableName ACCOUNT = TableName.parse("vault.account");

    @Test
    void aKeyComputedFromTheKeyAloneIsAssumedToNameTheRow() {
        assertThat(planned("a.id + 1000", false).refused()).isFalse();
    }

    @Test
    void aKeyThatReadsMoreThanTheKeyIsNot() {
        assertThat(planned("a.id + a.balance", false).findings())
                .extracting(Finding::id)
                .contains("mapping.key");
    }

    @Test
    void oneOfTwoKeyColumnsIsNotEnough() {
        Planned planned = planned(shape(ACCOUNTS, List.of("id", "branch"), "id", "branch"), "a.id + 1000", false);
        assertThat(planned.findings()).extracting(Finding::id).contains("mapping.key");
    }

    @Test
    void greensOwnKeyDecidesOnceItIsThere() {
        assertThat(planned("a.id + 1000", true).refused()).isFalse();
    }

    private static Planned planned(String number, boolean greenThere) {
        return planned(shape(ACCOUNTS, List.of("id"), "id", "balance"), number, greenThere);
    }

    private static Planned planned(TableShape blue, String number, boolean greenThere) {
        MappingSpec.Rule rule = new MappingSpec.Rule(
                ACCOUNTS, "a", Optional.empty(), List.of(new MappingSpec.Assignment("number", number)), List.of());
        MappingSpec mapping = new MappingSpec(
                List.of(new MappingSpec.Target(ACCOUNT, List.of(rule))), Map.of(), List.of(), List.of());
        Catalog green =
                new Catalog(greenThere ? List.of(shape(ACCOUNT, List.of("number"), "number")) : List.of(), List.of());
        return Planner.plan(new PlanRequest(
                "shop",
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                mapping,
                new Catalog(List.of(blue), List.of()),
                green,
                greenThere,
                false));
    }

    private static TableShape shape(TableName name, List<String> key, String... columns) {
        List<ColumnShape> shapes = List.of(columns).stream()
                .map(column -> new ColumnShape(column, BIGINT, "bigint", true, false, false, false, false))
                .toList();
        return new TableShape(name, 1, shapes, key, new RowIdentity.Key(key), List.of(), List.of(), false, 0, 0);
    }
}
