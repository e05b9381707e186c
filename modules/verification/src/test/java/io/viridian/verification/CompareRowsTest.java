package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.TableResult;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Comparing the rows with given source keys, both sides standing still. */
class CompareRowsTest {
    private TestPair pair;

    @BeforeEach
    void open() throws SQLException {
        pair = TestPair.of(15, 17);
        pair.onBlue("""
                create table stock (shop int, code text, price numeric(10,2), gone bool not null default false, primary key (shop, code));
                alter table stock replica identity full;
                insert into stock select g % 10, 'c' || g, g / 4.0, g % 100 = 0 from generate_series(1, 12000) g;
                create table loose (a int, b text);
                alter table loose replica identity full;
                insert into loose select g % 5, 'x' from generate_series(1, 50) g
                """);
        pair.onGreen("""
                create table item (shop bigint, code text, cents bigint, primary key (shop, code));
                insert into item select g % 10, 'C' || g, (g / 4.0 * 100)::bigint from generate_series(1, 12000) g
                where g % 100 <> 0;
                create table loose (a int, b text);
                alter table loose replica identity full;
                insert into loose select g % 5, 'x' from generate_series(1, 50) g
                """);
        MappingSpec.Rule rule = TestPair.rule(
                "stock",
                Optional.of("not s.gone"),
                "shop",
                "s.shop",
                "code",
                "upper(s.code)",
                "cents",
                "(s.price * 100)::bigint");
        pair.oneWay().mapping(rule, "item");
    }

    @AfterEach
    void close() throws SQLException, InterruptedException {
        pair.close();
    }

    private static List<String> key(int number) {
        return List.of(String.valueOf(number % 10), "c" + number);
    }

    private static String told(Verification verification) {
        return verification.differences().stream()
                .map(difference -> difference.kind() + " " + difference.key())
                .sorted()
                .collect(Collectors.joining("; "));
    }

    @Test
    void rowsThatAreEqualThroughTheMappingAreClean() throws Exception {
        List<List<String>> keys =
                IntStream.rangeClosed(1, 12_000).mapToObj(CompareRowsTest::key).toList();
        Verification verification = pair.compareRows("stock", keys);
        assertThat(told(verification)).isEmpty();
        assertThat(verification.clean()).isTrue();
        assertThat(verification.rows()).isEqualTo(12_000 - 120);
        assertThat(verification.laneHeld()).isZero();
    }

    @Test
    void everyKindOfDifferenceIsFoundAmongTheKeysAndNothingBeyondThem() throws Exception {
        pair.onBlue("delete from stock where code = 'c1'", "update stock set gone = true where code = 'c2'");
        pair.onGreen(
                "delete from item where code = 'C3'",
                "update item set cents = 0 where code = 'C4'",
                "delete from item where code = 'C77'");
        List<List<String>> keys =
                IntStream.rangeClosed(1, 6).mapToObj(CompareRowsTest::key).toList();
        Verification verification = pair.compareRows("stock", keys);
        assertThat(told(verification))
                .isEqualTo("DIFFERENT shop=4, code=C4; EXTRA shop=1, code=C1; "
                        + "EXTRA shop=2, code=C2; MISSING shop=3, code=C3");
        TableResult table = verification.tables().getFirst();
        assertThat(table.equal()).isFalse();
        assertThat(table.sourceRows()).isEqualTo(4);
        assertThat(table.targetRows()).isEqualTo(5);
        assertThat(table.differences().stream().flatMap(difference -> difference.columns().stream()))
                .singleElement()
                .satisfies(column -> {
                    assertThat(column.expected()).isEqualTo("100");
                    assertThat(column.found()).isEqualTo("0");
                });
    }

    @Test
    void keysThatNeitherSideHasAndKeysGivenTwiceAreNoDifference() throws Exception {
        List<List<String>> keys =
                List.of(key(5), key(5), List.of("9", "never, \"was\" {here} \\ 'at' ? all"), key(100));
        Verification verification = pair.compareRows("stock", keys);
        assertThat(told(verification)).isEmpty();
        assertThat(verification.rows()).isEqualTo(1);
    }

    @Test
    void aTableWithoutAKeyIsComparedAsAWhole() throws Exception {
        assertThat(pair.compareRows("loose", List.of()).rows()).isEqualTo(50);
        pair.onGreen("update loose set b = 'y' where ctid = '(0,7)'");
        assertThat(told(pair.compareRows("loose", List.of()))).isEqualTo("EXTRA a=2, b=y; MISSING a=2, b=x");
    }

    @Test
    void severalTablesAreComparedInTheOrderOfThePlan() throws Exception {
        Map<TableName, List<List<String>>> touched =
                Map.of(TableName.parse("stock"), List.of(key(1)), TableName.parse("loose"), List.of());
        Verification verification = TestPair.compareRows(pair.verifier(), touched, TestPair.deadline());
        assertThat(verification.clean()).isTrue();
        assertThat(verification.tables().stream()
                        .map(table -> table.sources().getFirst().name()))
                .containsExactly("loose", "stock");
        assertThat(verification.rows()).isEqualTo(51);
    }

    @Test
    void nothingTouchedIsClean() throws Exception {
        Verification verification = TestPair.compareRows(pair.verifier(), Map.of(), TestPair.deadline());
        assertThat(verification.clean()).isTrue();
        assertThat(verification.tables()).isEmpty();
    }

    @Test
    void keysOfATableThatIsNotMappedAreABug() {
        assertThatThrownBy(() -> pair.compareRows("unheard_of", List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unheard_of");
    }

    @Test
    void aTableThatSomebodyHoldsEndsTheComparisonAtItsDeadline() throws Exception {
        PostgresVerifier verifier = pair.verifier();
        try (Connection other = pair.connectGreen()) {
            other.setAutoCommit(false);
            TestPair.run(other, "lock table item in access exclusive mode");
            FaultException failure = catchThrowableOfType(
                    FaultException.class,
                    () -> TestPair.compareRows(
                            verifier,
                            Map.of(TableName.parse("stock"), List.of(key(1))),
                            Deadline.after(Clock.system(), Duration.ofSeconds(1))));
            assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
            pair.awaitNothingLeft();
        }
    }
}
