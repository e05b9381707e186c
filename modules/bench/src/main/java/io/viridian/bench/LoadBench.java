package io.viridian.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The initial load of one table: seconds. For the measuring thread. */
final class LoadBench {
    private static final List<Way> WAYS = List.of(Way.BARE, Way.NATIVE, Way.VIRIDIAN, Way.MAPPED);

    private static final List<Way> SHOWN =
            List.of(Way.BARE, Way.BARE_COPY, Way.NATIVE, Way.VIRIDIAN, Way.VIRIDIAN_COPY, Way.MAPPED, Way.MAPPED_COPY);

    private final Ground ground;
    private final Path directory;
    private final Progress progress;
    private final Rounds rounds = new Rounds(SHOWN);

    LoadBench(Ground ground, Path directory, Progress progress) {
        this.ground = ground;
        this.directory = directory;
        this.progress = progress;
    }

    List<Series> measure(int repetitions) throws SQLException, InterruptedException {
        for (int round = 0; round < repetitions; round++) {
            for (Way way : Rounds.turn(WAYS, round)) {
                LoadTimes times = way.equals(Way.BARE) ? bare() : followed(way);
                record(way, times);
                progress.line(
                        "load",
                        "round %d of %d: %-55s %8.2f s",
                        round + 1,
                        repetitions,
                        way.words(),
                        Progress.seconds(times.whole()));
            }
        }
        return rounds.series();
    }

    private void record(Way way, LoadTimes times) {
        rounds.add(way, Progress.seconds(times.whole()));
        double copy = Progress.seconds(times.copy());
        if (way.equals(Way.BARE)) {
            rounds.add(Way.BARE_COPY, copy);
        } else if (way.equals(Way.VIRIDIAN)) {
            rounds.add(Way.VIRIDIAN_COPY, copy);
        } else if (way.equals(Way.MAPPED)) {
            rounds.add(Way.MAPPED_COPY, copy);
        }
    }

    private LoadTimes bare() throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.TABLE, Shape.ACCOUNTS)) {
            site.checkpoint();
            LoadTimes times = new BarePipe(site).load();
            site.demandEqual(Shape.SAME);
            return times;
        }
    }

    private LoadTimes followed(Way way) throws SQLException, InterruptedException {
        Shape shape = Followers.shape(way);
        try (Site site = ground.site(Volume.TABLE, shape);
                Follower follower = Followers.of(way, site, directory)) {
            site.checkpoint();
            LoadTimes times = follower.load();
            site.demandEqual(shape);
            return times;
        }
    }
}
