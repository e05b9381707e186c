package io.viridian.bench;

import io.viridian.plan.Side;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How fast transactions arrive that were made while nobody followed: row changes per second. One thread. */
final class DrainBench {
    private static final List<Way> WAYS =
            List.of(Way.WALSENDER, Way.NATIVE, Way.VIRIDIAN, Way.DEBEZIUM, Way.COMPUTED, Way.MAPPED);

    /** Of the backlogs after the first; what a mapping costs is known from that one. */
    private static final List<Way> AS_IT_IS = List.of(Way.WALSENDER, Way.NATIVE, Way.VIRIDIAN, Way.DEBEZIUM);

    /** Rare enough not to take the time of those who apply. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /** Of the first backlog too: what the others would tell is known from the native subscription. */
    private static final List<Way> PGLOGICAL = List.of(Way.PGLOGICAL, Way.VIRIDIAN_BESIDE_PGLOGICAL);

    private final Ground ground;
    private final List<Way> ways;
    private final BenchSettings settings;
    private final Path directory;
    private final Progress progress;
    private final Map<Backlog, Rounds> rounds = new EnumMap<>(Backlog.class);

    /** Every backlog. */
    static DrainBench usual(Ground ground, BenchSettings settings, Path directory, Progress progress) {
        return new DrainBench(ground, WAYS, settings, directory, progress);
    }

    /** On servers that know pglogical, the first backlog alone. */
    static DrainBench besidePglogical(Ground ground, BenchSettings settings, Path directory, Progress progress) {
        return new DrainBench(ground, PGLOGICAL, settings, directory, progress);
    }

    private DrainBench(Ground ground, List<Way> ways, BenchSettings settings, Path directory, Progress progress) {
        this.ground = ground;
        this.ways = ways;
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
    }

    List<Drain> measure() throws SQLException, InterruptedException {
        for (int round = 0; round < settings.repetitions(); round++) {
            for (Way way : Rounds.turn(ways, round)) {
                if (way.equals(Way.WALSENDER)) {
                    read(round);
                } else {
                    follow(way, round);
                }
            }
        }
        List<Drain> drains = new ArrayList<>();
        rounds.forEach((backlog, measured) ->
                drains.add(new Drain(backlog.id(), backlog.words(), backlog.changes(settings), measured.series())));
        return drains;
    }

    private void read(int round) throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.BANK, Shape.SAME)) {
            SlotReader reader = new SlotReader(site);
            reader.create();
            for (Backlog backlog : Backlog.values()) {
                write(site, backlog);
                took(Way.WALSENDER, backlog, round, reader.readAll());
                reader.startAnew();
            }
        }
    }

    /** One follower for all backlogs: it is filled once. */
    private void follow(Way way, int round) throws SQLException, InterruptedException {
        Shape shape = Followers.shape(way);
        try (Site site = ground.site(Volume.BANK, shape);
                Follower follower = Followers.of(way, site, directory);
                Connection green = site.connect(Side.GREEN)) {
            follower.load();
            for (Backlog backlog : backlogs(way)) {
                // A slot that was made for the load holds nothing yet.
                if (backlog != Backlog.TPC_B) {
                    site.awaitSlotsForget();
                }
                follower.pause();
                write(site, backlog);
                long began = site.patience().clock().nanoTime();
                follower.resume();
                site.patience().until("the marker has arrived", LOOK_EVERY, () -> {
                    follower.demandWell();
                    return Site.holds(
                            green, "select exists (select from marker where id = %d)".formatted(backlog.marker()));
                });
                took(way, backlog, round, site.patience().clock().since(began));
                site.demandEqual(shape);
            }
        }
    }

    private static List<Backlog> backlogs(Way way) {
        return AS_IT_IS.contains(way) ? List.of(Backlog.values()) : List.of(Backlog.TPC_B);
    }

    private void took(Way way, Backlog backlog, int round, Duration time) {
        double perSecond = backlog.changes(settings) / Progress.seconds(time);
        rounds.computeIfAbsent(backlog, _ -> new Rounds(backlog == Backlog.TPC_B ? ways : AS_IT_IS))
                .add(way, perSecond);
        progress.line(
                "drain",
                "round %d of %d: %-18s %-48s %,8.0f row changes/s",
                round + 1,
                settings.repetitions(),
                backlog.id(),
                way.words(),
                perSecond);
    }

    private void write(Site site, Backlog backlog) throws SQLException {
        try (Connection blue = site.connect(Side.BLUE);
                Statement statement = blue.createStatement()) {
            statement.setEscapeProcessing(false);
            // Nobody waits for these transactions; the marker's own commit brings all of them to the disk.
            statement.execute("set synchronous_commit = off");
            statement.execute(backlog.sql(settings));
            statement.execute("set synchronous_commit = on");
            statement.execute("insert into marker values (%d)".formatted(backlog.marker()));
        }
        site.checkpoint();
    }
}
