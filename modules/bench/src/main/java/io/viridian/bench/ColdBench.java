package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.time.Clock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a daemon that has just been started takes until it drains as fast as it can: a process of its own, of which
 * no class is loaded and nothing compiled yet. For the measuring thread.
 */
final class ColdBench {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final double FAST = 0.8;

    /** Several times what it takes to get warm. */
    private static final int BACKLOGS = 2;

    private static final int CHANGES = 4;

    private final Ground ground;
    private final BenchSettings settings;
    private final Path directory;
    private final Progress progress;
    private final Rounds rounds = new Rounds(List.of(Way.COLD, Way.WARM));

    ColdBench(Ground ground, BenchSettings settings, Path directory, Progress progress) {
        this.ground = ground;
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
    }

    /** Seconds until it is fast, and how fast it is then. */
    List<Series> measure() throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.BANK, Shape.SAME);
                ViridianHere first = ViridianHere.onAnyPort(site, directory.resolve(site.database()))) {
            first.load();
            first.pause();
            for (int round = 0; round < settings.repetitions(); round++) {
                Ramp ramp = drained(site, first.configuration(), round);
                rounds.add(Way.COLD, ramp.seconds());
                rounds.add(Way.WARM, CHANGES * ramp.warmPerSecond());
                progress.line(
                        "cold",
                        "round %d of %d: %.1f s from its start until %.0f %% of %,.0f row changes/s",
                        round + 1,
                        settings.repetitions(),
                        ramp.seconds(),
                        100 * FAST,
                        CHANGES * ramp.warmPerSecond());
            }
        }
        return rounds.series();
    }

    private Ramp drained(Site site, Path configuration, int round) throws SQLException, InterruptedException {
        Path log = directory.resolve("cold-%d.log".formatted(round));
        Clock clock = site.patience().clock();
        List<Ramp.Sample> samples = new ArrayList<>();
        try (Connection green = site.connect(Side.GREEN);
                Statement statement = green.createStatement()) {
            statement.execute("set max_parallel_workers_per_gather = 0");
            long before = history(green);
            long wanted = (long) BACKLOGS * settings.transactions();
            for (int backlog = 0; backlog < BACKLOGS; backlog++) {
                write(site);
            }
            long began = clock.nanoTime();
            try (ViridianProcess daemon = ViridianProcess.start(configuration, log)) {
                site.patience().until("the cold daemon has caught up", LOOK_EVERY, () -> {
                    daemon.demandAlive();
                    long done = history(green) - before;
                    samples.add(new Ramp.Sample(Progress.seconds(clock.since(began)), done));
                    return done >= wanted;
                });
            }
        }
        site.demandEqual(Shape.SAME);
        return Ramp.of(samples, FAST);
    }

    private void write(Site site) throws SQLException {
        try (Connection blue = site.connect(Side.BLUE);
                Statement statement = blue.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("set synchronous_commit = off");
            statement.execute(Backlog.TPC_B.sql(settings));
        }
        site.checkpoint();
    }

    private static long history(Connection green) throws SQLException {
        return Long.parseLong(Site.ask(green, "select count(*) from history"));
    }
}
