package io.viridian.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The initial load of one kind of tables: seconds. For the measuring thread. */
final class LoadBench {
    private static final List<Way> WAYS =
            List.of(Way.BARE, Way.NATIVE, Way.VIRIDIAN, Way.BARE_COMPUTED, Way.COMPUTED, Way.BARE_MAPPED, Way.MAPPED);

    private static final List<Way> AS_IT_IS = List.of(Way.BARE, Way.NATIVE, Way.VIRIDIAN);

    private static final List<Way> PGLOGICAL = List.of(Way.PGLOGICAL, Way.VIRIDIAN_BESIDE_PGLOGICAL);

    private static final List<Way> SHOWN = List.of(
            Way.BARE,
            Way.BARE_COPY,
            Way.NATIVE,
            Way.VIRIDIAN,
            Way.VIRIDIAN_COPY,
            Way.BARE_COMPUTED,
            Way.COMPUTED,
            Way.COMPUTED_COPY,
            Way.BARE_MAPPED,
            Way.MAPPED,
            Way.MAPPED_COPY);

    private final Ground ground;
    private final Volume volume;
    private final List<Way> ways;
    private final Path directory;
    private final Progress progress;
    private final Rounds rounds;

    /** The ways of which each part is known. */
    static LoadBench usual(Ground ground, Path directory, Progress progress) {
        return new LoadBench(ground, Volume.TABLE, WAYS, SHOWN, directory, progress);
    }

    /** What a mapping and the parts cost is known from the narrow table. */
    static LoadBench other(Ground ground, Volume volume, Path directory, Progress progress) {
        return new LoadBench(ground, volume, AS_IT_IS, AS_IT_IS, directory, progress);
    }

    /** On servers that pgcopydb's client programs know. */
    static LoadBench besidePgCopyDb(Ground ground, Path directory, Progress progress) {
        List<Way> both = List.of(Way.PGCOPYDB, Way.VIRIDIAN_15);
        return new LoadBench(ground, Volume.TABLE, both, both, directory, progress);
    }

    /** On servers that know pglogical. */
    static LoadBench besidePglogical(Ground ground, Path directory, Progress progress) {
        return new LoadBench(ground, Volume.TABLE, PGLOGICAL, PGLOGICAL, directory, progress);
    }

    private LoadBench(
            Ground ground, Volume volume, List<Way> ways, List<Way> shown, Path directory, Progress progress) {
        this.ground = ground;
        this.volume = volume;
        this.ways = ways;
        this.rounds = new Rounds(shown);
        this.directory = directory;
        this.progress = progress;
    }

    List<Series> measure(int repetitions) throws SQLException, InterruptedException {
        for (int round = 0; round < repetitions; round++) {
            for (Way way : Rounds.turn(ways, round)) {
                LoadTimes times = load(way);
                record(way, times);
                progress.line(
                        "load",
                        "round %d of %d: %-12s %-55s %8.2f s",
                        round + 1,
                        repetitions,
                        volume.id(),
                        way.words(),
                        Progress.seconds(times.whole()));
            }
        }
        return rounds.series();
    }

    private void record(Way way, LoadTimes times) {
        rounds.add(way, Progress.seconds(times.whole()));
        double copy = Progress.seconds(times.copy());
        if (volume != Volume.TABLE) {
            return;
        }
        if (way.equals(Way.BARE)) {
            rounds.add(Way.BARE_COPY, copy);
        } else if (way.equals(Way.VIRIDIAN)) {
            rounds.add(Way.VIRIDIAN_COPY, copy);
        } else if (way.equals(Way.COMPUTED)) {
            rounds.add(Way.COMPUTED_COPY, copy);
        } else if (way.equals(Way.MAPPED)) {
            rounds.add(Way.MAPPED_COPY, copy);
        }
    }

    private LoadTimes load(Way way) throws SQLException, InterruptedException {
        if (way.equals(Way.BARE)) {
            return bare(Shape.SAME);
        }
        if (way.equals(Way.BARE_COMPUTED)) {
            return bare(Shape.COMPUTED);
        }
        if (way.equals(Way.BARE_MAPPED)) {
            return bare(Shape.MAPPED);
        }
        return way.equals(Way.PGCOPYDB) ? pgcopydb() : followed(way);
    }

    private LoadTimes pgcopydb() throws SQLException, InterruptedException {
        try (Site site = ground.site(volume, volume.empty())) {
            site.checkpoint();
            LoadTimes times = new PgCopyDb(site, directory).load();
            site.demandEqual(Shape.SAME);
            return times;
        }
    }

    private LoadTimes bare(Shape shape) throws SQLException, InterruptedException {
        try (Site site = ground.site(volume, shape.withoutKeys(volume))) {
            site.checkpoint();
            LoadTimes times = new BarePipe(site, shape).load();
            site.demandEqual(shape);
            return times;
        }
    }

    private LoadTimes followed(Way way) throws SQLException, InterruptedException {
        Shape shape = Followers.shape(way);
        try (Site site = ground.site(volume, shape);
                Follower follower = Followers.of(way, site, directory)) {
            site.checkpoint();
            LoadTimes times = follower.load();
            site.demandEqual(shape);
            return times;
        }
    }
}
