package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.proof.Verification;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.proof.Verification.TableResult;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** However much differs, all of it is counted and the first rows are told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NarrowingTest {
    private TestPair pair;

    @BeforeAll
    void open() throws SQLException {
        pair = TestPair.of(15, 17);
        pair.both("""
                create table many (id int, part text, v text, primary key (id, part));
                create table loose (a int, b int);
                alter table loose replica identity full
                """);
    }

    @AfterAll
    void close() throws SQLException, InterruptedException {
        pair.close();
    }

    private void fill() throws SQLException {
        pair.both(
                "truncate many, loose",
                "insert into many select g, 'p' || g % 3, 'v' || g from generate_series(1, 30000) g",
                "insert into loose select g % 1000, g % 7 from generate_series(1, 20000) g");
    }

    private TableResult result(String table) throws InterruptedException {
        Verification verification = pair.verify();
        assertThat(verification.clean()).isFalse();
        return verification.tables().stream()
                .filter(one -> one.sources().getFirst().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bucketsKeepAboutAThousandRowsAndAreBoundedInNumber() {
        assertThat(Narrowing.buckets(0)).isEqualTo(1);
        assertThat(Narrowing.buckets(1_999)).isEqualTo(1);
        assertThat(Narrowing.buckets(30_000)).isEqualTo(16);
        assertThat(Narrowing.buckets(5_000_000)).isEqualTo(4096);
        assertThat(Narrowing.buckets(100_000_000_000L)).isEqualTo(65_536);
    }

    @Test
    void countsThousandsOfDifferencesInAllBucketsAndTellsTheFirst() throws Exception {
        fill();
        pair.onGreen(
                "update many set v = 'x' where id % 10 = 1",
                "delete from many where id % 10 = 2",
                "insert into many select g, 'extra', 'v' from generate_series(1, 1000) g");
        TableResult result = result("many");
        assertThat(result.sourceRows()).isEqualTo(30_000);
        assertThat(result.targetRows()).isEqualTo(28_000);
        assertThat(result.differing()).isEqualTo(3_000 + 3_000 + 1_000);
        assertThat(result.differences()).hasSize(Differences.LISTED).allSatisfy(NarrowingTest::assertPlausible);
        Set<Kind> kinds = new HashSet<>();
        result.differences().forEach(difference -> kinds.add(difference.kind()));
        assertThat(kinds).containsExactlyInAnyOrderElementsOf(Arrays.asList(Kind.values()));
    }

    private static void assertPlausible(RowDifference difference) {
        int id = Integer.parseInt(difference.key().replaceAll("id=(\\d+), .*", "$1"));
        switch (difference.kind()) {
            case DIFFERENT -> {
                assertThat(id % 10).isEqualTo(1);
                assertThat(difference.columns()).singleElement().satisfies(column -> {
                    assertThat(column.column()).isEqualTo("v");
                    assertThat(column.expected()).isEqualTo("v" + id);
                    assertThat(column.found()).isEqualTo("x");
                });
            }
            case MISSING -> assertThat(id % 10).isEqualTo(2);
            case EXTRA -> assertThat(difference.key()).isEqualTo("id=" + id + ", part=extra");
        }
    }

    @Test
    void aTargetWithoutAnyRowMissesAllOfThem() throws Exception {
        fill();
        pair.onGreen("truncate many");
        TableResult result = result("many");
        assertThat(result.targetRows()).isZero();
        assertThat(result.differing()).isEqualTo(30_000);
        assertThat(result.differences()).hasSize(Differences.LISTED);
    }

    @Test
    void oneDifferenceAmongManyRowsIsTheOnlyOneTold() throws Exception {
        fill();
        pair.onGreen("update many set v = v || ' ' where id = 29999");
        TableResult result = result("many");
        assertThat(result.differing()).isEqualTo(1);
        assertThat(result.differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.key()).isEqualTo("id=29999, part=p2"));
    }

    @Test
    void countsDuplicatesOfATableWithoutAKeyOneByOne() throws Exception {
        fill();
        pair.onGreen(
                "delete from loose where a = 5 and b = 5",
                "insert into loose select 2000, 2000 from generate_series(1, 150)");
        pair.onBlue("insert into loose values (3000, null), (3000, null)");
        TableResult result = result("loose");
        // Of 20 rows with a = 5, those with b = 5 are g = 5, 7005, 14005.
        assertThat(result.differing()).isEqualTo(3 + 150 + 2);
        assertThat(result.differences()).hasSize(Differences.LISTED);
        assertThat(result.differences()).allSatisfy(difference -> {
            Kind expected = difference.key().equals("a=2000, b=2000") ? Kind.EXTRA : Kind.MISSING;
            assertThat(difference.kind()).isEqualTo(expected);
            assertThat(difference.key()).isIn("a=2000, b=2000", "a=5, b=5", "a=3000, b=NULL");
        });
    }

    @Test
    void tablesWithAndWithoutAKeyAreReadOneAfterTheOther() throws Exception {
        try (TestPair mixed = TestPair.of(15, 17)) {
            for (int table = 0; table < 16; table++) {
                String key = table % 2 == 0 ? " primary key" : "";
                mixed.both(
                        "create table t%d (id int%s)".formatted(table, key),
                        "alter table t%d replica identity full".formatted(table),
                        "insert into t%d values (1), (2)".formatted(table));
                mixed.onGreen("delete from t%d where id = 2".formatted(table));
            }
            assertThat(mixed.verify().differences())
                    .hasSize(16)
                    .allSatisfy(difference -> assertThat(difference.key()).isEqualTo("id=2"));
        }
    }
}
