package io.viridian.bench;

import java.util.List;
import java.util.Map;

/** Results as a run might give them, for tests. */
final class Measured {
    private Measured() {}

    static Results results() {
        return new Results(
                "BENCH_REPEAT=2 make bench",
                "2026-11-26",
                new Machine(2, 8L << 30, "Linux amd64", "25+36"),
                "18.6",
                Map.of("fsync", "on"),
                2_000_000,
                50_000,
                2,
                1_000,
                20,
                List.of(
                        new Load(
                                Volume.TABLE.id(),
                                Volume.TABLE.words(),
                                2_000_000,
                                List.of(
                                        series(Way.BARE, 4.0, 4.0),
                                        series(Way.BARE_COPY, 3.0, 3.0),
                                        series(Way.NATIVE, 10.0, 8.0),
                                        series(Way.VIRIDIAN, 5.0, 5.0),
                                        series(Way.VIRIDIAN_COPY, 4.5, 4.5),
                                        series(Way.BARE_COMPUTED, 5.0, 5.0),
                                        series(Way.COMPUTED, 5.5, 5.5),
                                        series(Way.COMPUTED_COPY, 5.0, 5.0),
                                        series(Way.BARE_MAPPED, 5.0, 5.0),
                                        series(Way.MAPPED, 6.0, 6.0),
                                        series(Way.MAPPED_COPY, 5.5, 5.5),
                                        series(Way.PGCOPYDB, 8.0, 10.0),
                                        series(Way.VIRIDIAN_15, 6.0, 6.0),
                                        series(Way.PGLOGICAL, 9.0, 9.0),
                                        series(Way.VIRIDIAN_BESIDE_PGLOGICAL, 6.0, 6.0))),
                        new Load(
                                Volume.WIDE.id(),
                                Volume.WIDE.words(),
                                200_000,
                                List.of(series(Way.NATIVE, 4.0), series(Way.VIRIDIAN, 2.0)))),
                List.of(
                        new Drain(
                                Backlog.TPC_B.id(),
                                Backlog.TPC_B.words(),
                                200_000,
                                List.of(
                                        series(Way.WALSENDER, 200_000.0, 200_000.0),
                                        series(Way.NATIVE, 100_000.0, 100_000.0),
                                        series(Way.VIRIDIAN, 190_000.0, 170_000.0),
                                        series(Way.COMPUTED, 130_000.0, 130_000.0),
                                        series(Way.MAPPED, 120_000.0, 120_000.0),
                                        series(Way.PGLOGICAL, 90_000.0, 90_000.0),
                                        series(Way.VIRIDIAN_BESIDE_PGLOGICAL, 180_000.0, 180_000.0))),
                        new Drain(
                                Backlog.HOT_ROWS.id(),
                                Backlog.HOT_ROWS.words(),
                                50_000,
                                List.of(series(Way.NATIVE, 90_000.0), series(Way.VIRIDIAN, 210_000.0)))),
                List.of(series(Way.COLD, 5.0, 6.0), series(Way.WARM, 150_000.0, 160_000.0)),
                List.of(
                        lag(Way.NATIVE, 1_000, null),
                        lag(Way.VIRIDIAN, 500, new Percentiles(400, 80, 170, 200, 250)),
                        lag(Way.VIRIDIAN, 1_000, new Percentiles(400, 90, 180, 210, 260))),
                List.of(
                        new Pauses("cutover", 3, 1_990, 12, new Percentiles(24, 140, 400, 600, 700)),
                        new Pauses("rollback", 3, 1_400, 0, new Percentiles(24, 140, 400, 450, 450))),
                List.of(series(Way.HASH, 2.0, 2.0), series(Way.VERIFY, 2.5, 2.5)),
                List.of(series(Way.UNGUARDED, 2.0, 2.5), series(Way.GUARDED, 5.0, 5.0)),
                new Memory(300L << 20, 120L << 20, 480L << 20),
                new Before("2026-11-20", Map.of("drain ÷ native apply", "1.10")));
    }

    private static Series series(Way way, Double... values) {
        return new Series(way.id(), way.words(), List.of(values));
    }

    private static Lag lag(Way way, int asked, @org.jspecify.annotations.Nullable Percentiles shown) {
        return new Lag(way.id(), way.words(), asked, 999.4, new Percentiles(400, 20, 60, 120, 400), shown);
    }
}
