package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import io.viridian.schema.TwoDatabases;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes there must come back as it was. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class InverseCheckTest {
    private static final Map<String, String> THERE = Map.of(
            "id", "i.id + 100",
            "name", "i.title",
            "cents", "(i.price * 100)::bigint",
            "made", "i.made at time zone 'UTC'",
            "state", "case i.state when 'o' then 'open' else 'closed' end",
            "first", "split_part(i.owner, ' ', 1)",
            "last", "split_part(i.owner, ' ', 2)",
            "active", "not i.hidden",
            "grams", "(i.kilos * 1000)::int");

    private static final Map<String, String> BACK = Map.of(
            "id", "(t.id - 100)::int",
            "title", "t.name",
            "price", "t.cents / 100.0",
            "made", "t.made at time zone 'UTC'",
            "state", "case t.state when 'open' then 'o' else 'c' end",
            "owner", "t.first || ' ' || t.last",
            "hidden", "not t.active",
            "kilos", "t.grams / 1000.0");

    private final TwoDatabases databases;

    InverseCheckTest(int blueMajor) throws SQLException {
        databases = TwoDatabases.shared(blueMajor, 18).onBlue("""
                        create table items (id int primary key, title text, price numeric(10, 2), made timestamptz,
                            state text, owner text, hidden boolean, kilos numeric(8, 3));
                        insert into items values
                            (1, 'Lamp', 12.50, '2026-03-01 12:00:00.123456+00', 'o', 'Ann Lee', false, 1.25),
                            (2, ' spaced ', 0, '2026-07-01 00:00:00+00', 'c', 'Bo Dahl', true, 0.001),
                            (3, null, null, null, 'c', null, null, null)
                        """).onGreen("""
                        create table product (id bigint primary key, name text, cents bigint, made timestamp, state text,
                            first text, last text, active boolean, grams int, extra text)
                        """);
    }

    @AfterEach
    void close() {
        databases.close();
    }

    private List<Finding> found(Map<String, String> back, Optional<String> where) throws InterruptedException {
        MappingSpec.Rule rule =
                new MappingSpec.Rule(TableName.parse("items"), "i", where, assignments(THERE), assignments(back));
        MappingSpec mapping = new MappingSpec(
                List.of(new MappingSpec.Target(TableName.parse("product"), List.of(rule))),
                Map.of(),
                List.of(),
                List.of());
        return CheckWorld.of(databases).with(mapping).reversible().run(new InverseCheck());
    }

    private static List<MappingSpec.Assignment> assignments(Map<String, String> expressions) {
        return expressions.entrySet().stream()
                .map(one -> new MappingSpec.Assignment(one.getKey(), one.getValue()))
                .toList();
    }

    private static Map<String, String> but(String column, String expression) {
        Map<String, String> back = new LinkedHashMap<>(BACK);
        back.put(column, expression);
        return back;
    }

    @Test
    void isSilentAboutInversesThatAreRight() throws Exception {
        assertThat(found(BACK, Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '"',
            value = {
                "id ~ (t.id - 10)::int",
                "price ~ t.cents / 100",
                "price ~ t.cents / 10.0",
                "price ~ nullif(t.cents, 0) / 100.0",
                "made ~ t.made at time zone 'Europe/Berlin'",
                "made ~ date_trunc('second', t.made) at time zone 'UTC'",
                "state ~ case t.state when 'open' then 'c' else 'o' end",
                "state ~ t.state",
                "owner ~ t.first || t.last",
                "owner ~ t.last || ' ' || t.first",
                "owner ~ coalesce(t.first || ' ' || t.last, '')",
                "hidden ~ t.active",
                "kilos ~ t.grams / 500.0",
                "kilos ~ t.grams / 1000",
                "title ~ trim(t.name)",
                "title ~ t.extra"
            })
    void findsTheColumnThatComesBackAsAnother(String column, String expression) throws Exception {
        assertThat(found(but(column, expression), Optional.empty()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.refuses()).isTrue();
                    assertThat(finding.id()).isEqualTo("mapping.inverse");
                    assertThat(finding.object()).isEqualTo("public.items." + column);
                    assertThat(finding.message()).contains(" comes back as ", "id=", expression);
                });
    }

    @Test
    void namesTheRowAndBothValues() throws Exception {
        assertThat(found(but("price", "t.cents / 100"), Optional.empty()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("id=1: '12.50' comes back as '12.00'", "(1 of 3 rows looked at)"));
    }

    @Test
    void doesNotJudgeRowsThatTheRuleLeavesBehind() throws Exception {
        assertThat(found(but("title", "trim(t.name)"), Optional.of("i.id <> 2")))
                .isEmpty();
    }

    @Test
    void findsTheOneRowAmongManyThatIsOutOfTheOrdinary() throws Exception {
        databases.onBlue("""
                insert into items select n, 'x', 1, now(), 'o', 'A B', false, 1 from generate_series(10, 200000) n;
                update items set price = -3.5 where id = 150000;
                analyze items
                """);

        assertThat(found(but("price", "abs(t.cents) / 100.0"), Optional.empty()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("'-3.50' comes back as '3.50'"));
    }

    @Test
    void saysWhenAnInverseFailsOnARow() throws Exception {
        assertThat(found(but("price", "100.0 / t.cents"), Optional.empty()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("division by zero"));
    }
}
