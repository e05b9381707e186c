package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PerformancePageTest {
    private final String page = PerformancePage.of(Measured.results());

    @Test
    void saysWhereAndHowItWasMeasured() {
        assertThat(page)
                .contains("2 cores, 8.0 GiB, Linux amd64")
                .contains("PostgreSQL 18.6")
                .contains("`fsync=on`")
                .contains("`BENCH_REPEAT=2 make bench`")
                .contains("2026-11-26");
    }

    @Test
    void holdsEveryMeasurementBesideItsGoal() {
        assertThat(page)
                .contains("| initial load ÷ native initial sync | 0.56 | 0.50 – 0.63 | ≤ 0.60 | met |  |")
                .contains("| drain ÷ native apply | 1.80 | 1.70 – 1.90 | ≥ 1.80 | met | 1.10 |")
                .contains("| ratio | measured | rounds | goal | verdict | on 2026-11-20 |")
                .contains("### wide\n\n200,000 rows: ")
                .contains("| Viridian, identity mapping | 2.00 | 2.00 – 2.00 | 100,000 |")
                .contains("| cutover | 140 | 400 | 600 | 700 | 3 | 12 | 1,990 |")
                .contains("at most 300 MiB of 480 MiB, of it 120 MiB after a collection")
                .contains("| the same on a guarded table | 5.00 | 5.00 – 5.00 |")
                .contains("| native subscription | 9.00 | 8.00 – 10.00 | 222,222 |")
                .contains("| Viridian, identity mapping | 180,000 | 170,000 – 190,000 |")
                .contains("without its key.\npglogical needs its library")
                .contains("or read.\npglogical and a Viridian of its own beside it")
                .contains("| pglogical (PostgreSQL 15) | 9.00 | 9.00 – 9.00 | 222,222 |")
                .contains("| Viridian beside pglogical (PostgreSQL 15) | 180,000 | 180,000 – 180,000 |")
                .contains("### hot-rows\n\n50,000 row changes: ")
                .contains("| Viridian, identity mapping | 210,000 | 210,000 – 210,000 |")
                .contains("| Viridian, identity mapping, as its metric says | 1,000 | 90 | 180 | 210 | 260 | 400 |  |");
    }

    @Test
    void showsTheDrawingsThatAreMadeWithIt() {
        Charts.of(Measured.results()).keySet().forEach(file -> assertThat(page).contains("(performance/" + file + ")"));
    }
}
