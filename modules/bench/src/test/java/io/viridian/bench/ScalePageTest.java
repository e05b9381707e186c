package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalePageTest {
    private static final Scale SCALE = new Scale(
            "BENCH_SCALE_TABLES=100 scripts/bench scale",
            Map.of("tables", "2026-11-26", "rows", "2026-11-27"),
            new Machine(2, 8L << 30, "Linux amd64", "25+36"),
            "18.6",
            Map.of("fsync", "on"),
            1_000_000,
            512L << 20,
            List.of(load(1_000_000, 1_000_000, 1, new Counted(100, 140))),
            List.of(
                    load(1_000_000, 1_000_000, 3, new Counted(105, 150)),
                    load(10_000_000, 10_000_000, 23, new Counted(245, 350))),
            List.of(load(10, 1_000, 10, new Counted(200, 500)), load(100, 10_000, 100, new Counted(830, 3_560))),
            List.of(
                    new ScaleDrain(10_000, 2.0, 300L << 20, 50L << 20, 10, new Counted(80, 300)),
                    new ScaleDrain(100_000, 4.0, 310L << 20, 60L << 20, 110, new Counted(90, 1_500))),
            List.of(new ScaleDrain(10_000, 200.0, 400L << 20, 100L << 20, 1, new Counted(300, 700))));

    private final String page = ScalePage.of(SCALE);

    private static ScaleLoad load(int size, long rows, long chunks, Counted statements) {
        return new ScaleLoad(
                size,
                rows,
                2.5,
                1.25,
                200L << 20,
                40L << 20,
                chunks,
                new Counted(600, 400),
                statements,
                new Counted(130, 120));
    }

    @Test
    void saysWhereAndHowItWasMeasured() {
        assertThat(page)
                .contains("2 cores, 8.0 GiB, Linux amd64")
                .contains("PostgreSQL 18.6")
                .contains("`fsync=on`")
                .contains("| command | `BENCH_SCALE_TABLES=100 scripts/bench scale` |")
                .contains("at most 512 MiB")
                .contains("| measured | rows 2026-11-27, tables 2026-11-26 |");
    }

    @Test
    void holdsTimeAndMemoryOfEachStep() {
        assertThat(page)
                .contains("| 1,000,000 | 2.50 | 400,000 | 1.25 | 800,000 | 200 | 40 | 1 |")
                .contains("| 100 | 2.50 | 4,000 | 1.25 | 8,000 | 200 | 40 | 100 |");
    }

    @Test
    void holdsTheStatementsOfEachChunkAndOfEachFurtherOne() {
        assertThat(page)
                .contains("| 1,000,000 | 1 | 600 | 100 | 40 | 100.0 |  | 130 | 400 | 140 | 56 | 140.0 |  | 120 |")
                .contains(
                        "| 10,000,000 | 23 | 600 | 245 | 98 | 10.7 | 7.0 | 130 | 400 | 350 | 140 | 15.2 | 10.0 | 120 |")
                .contains(
                        "| 100 | 100 | 600 | 830 | 332 | 8.3 | 7.0 | 130 | 400 | 3,560 | 1,424 | 35.6 | 34.0 | 120 |");
    }

    @Test
    void holdsTheStatementsOfEachWindow() {
        assertThat(page)
                .contains("| 10,000 | 2.00 | 5,000 | 300 | 50 | 10 | 80 | 300 | 30.0 |  |")
                .contains("| 100,000 | 4.00 | 25,000 | 310 | 60 | 110 | 90 | 1,500 | 13.6 | 12.0 |");
    }

    @Test
    void holdsTimeAndMemoryOfOneLargeTransaction() {
        assertThat(page).contains("| 10,000 | 200.00 | 50 | 400 | 100 | 1 | 300 | 700 |");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(ResultsFile.read(ResultsFile.write(SCALE), Scale.class)).isEqualTo(SCALE);
    }

    @Test
    void leavesOutTheRangesWhenEveryStepHadThem() {
        Scale large = new Scale(
                SCALE.command(),
                SCALE.measured(),
                SCALE.machine(),
                SCALE.postgres(),
                SCALE.settings(),
                SCALE.accounts(),
                SCALE.heapLimitBytes(),
                SCALE.ranges(),
                List.of(),
                SCALE.tables(),
                SCALE.drains(),
                SCALE.large());
        assertThat(ScalePage.of(large)).doesNotContain("whole-table-up-to: 0B");
    }

    @Test
    void partsStandBesideEachOtherThoughTheMachineWasStartedAnew() {
        assertThat(SCALE.standsBeside(on(new Machine(2, (8L << 30) + 487_424, "Linux amd64", "25+36"))))
                .isTrue();
        assertThat(SCALE.standsBeside(on(new Machine(2, 16L << 30, "Linux amd64", "25+36"))))
                .isFalse();
    }

    private static Scale on(Machine machine) {
        return new Scale(
                SCALE.command(),
                SCALE.measured(),
                machine,
                SCALE.postgres(),
                SCALE.settings(),
                SCALE.accounts(),
                SCALE.heapLimitBytes(),
                SCALE.rows(),
                SCALE.ranges(),
                SCALE.tables(),
                SCALE.drains(),
                SCALE.large());
    }
}
