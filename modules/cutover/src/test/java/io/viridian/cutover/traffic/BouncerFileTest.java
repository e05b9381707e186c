package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BouncerFileTest {
    private static final BouncerTarget GREEN = new BouncerTarget("green-db", 5433, "shop_v2");

    private static final String FILE = """
            ; the poolers of the shop
            [databases]
            ; shop = host=old port=1
            shop = host=blue-db port=5432 dbname=shop pool_size=20 connect_query='select ''x'''
            shop_reports=host=blue-db
            * = host=blue-db

            [pgbouncer]
            shop = nonsense
            listen_port = 6432
            """;

    @Test
    void onlyTheLineOfTheDatabaseChangesAndInItOnlyWhereItLeads() {
        assertThat(new BouncerFile(FILE).leading("shop", GREEN).orElseThrow().text())
                .isEqualTo(FILE.replace(
                        "shop = host=blue-db port=5432 dbname=shop pool_size=20 connect_query='select ''x'''",
                        "shop = host=green-db port=5433 dbname=shop_v2 pool_size=20 connect_query='select ''x'''"));
    }

    @Test
    void whatTheLineLacksIsAdded() {
        assertThat(new BouncerFile(FILE)
                        .leading("shop_reports", GREEN)
                        .orElseThrow()
                        .text())
                .contains("\nshop_reports = host=green-db port=5433 dbname=shop_v2\n");
    }

    @Test
    void thereAndBackIsTheSameFile() {
        BouncerFile there = new BouncerFile(FILE).leading("shop", GREEN).orElseThrow();
        assertThat(there.leading("shop", GREEN)).contains(there);
        assertThat(there.leading("shop", new BouncerTarget("blue-db", 5432, "shop")))
                .contains(new BouncerFile(FILE));
    }

    @Test
    void aDatabaseWithoutALineOfItsOwnIsNotFound() {
        assertThat(new BouncerFile(FILE).leading("listen_port", GREEN)).isEmpty();
        assertThat(new BouncerFile(FILE).leading("other", GREEN)).isEmpty();
        assertThat(new BouncerFile("").leading("shop", GREEN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"my shop\"', 'my shop'", "'\"say \"\"hi\"\"\"', 'say \"hi\"'", "shop, shop"})
    void namesMayBeQuoted(String written, String name) {
        assertThat(new BouncerFile("[databases]\n" + written + " = host=a\n").leading(name, GREEN))
                .contains(new BouncerFile("[databases]\n" + written + " = host=green-db port=5433 dbname=shop_v2\n"));
    }

    @Test
    void valuesAreQuotedWhereTheyMust() {
        BouncerTarget odd = new BouncerTarget("green-db", 5433, "bob's shop");
        assertThat(new BouncerFile("[databases]\nshop = host=a").leading("shop", odd))
                .contains(new BouncerFile("[databases]\nshop = host=green-db port=5433 dbname='bob''s shop'"));
    }
}
