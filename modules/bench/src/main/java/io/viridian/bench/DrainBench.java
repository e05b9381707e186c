package io.viridian.bench;

import io.viridian.plan.Side;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** How fast transactions arrive that were made while nobody followed: row changes per second. One thread. */
final class DrainBench {
    private static final List<Way> WAYS = List.of(Way.WALSENDER, Way.NATIVE, Way.VIRIDIAN, Way.MAPPED);

    /** Three updates and an insert. */
    private static final int CHANGES_OF_A_TRANSACTION = 4;

    /** Rare enough not to take the time of those who apply. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private static final String ARRIVED = "select exists (select from marker)";

    private final Ground ground;
    private final BenchSettings settings;
    private final Path directory;
    private final Progress progress;

    DrainBench(Ground ground, BenchSettings settings, Path directory, Progress progress) {
        this.ground = ground;
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
    }

    List<Series> measure() throws SQLException, InterruptedException {
        Rounds rounds = new Rounds(WAYS);
        for (int round = 0; round < settings.repetitions(); round++) {
            for (Way way : Rounds.turn(WAYS, round)) {
                Duration time = way.equals(Way.WALSENDER) ? read() : followed(way);
                double perSecond = (double) CHANGES_OF_A_TRANSACTION * settings.transactions() / Progress.seconds(time);
                rounds.add(way, perSecond);
                progress.line(
                        "drain",
                        "round %d of %d: %-55s %,8.0f row changes/s",
                        round + 1,
                        settings.repetitions(),
                        way.words(),
                        perSecond);
            }
        }
        return rounds.series();
    }

    private Duration read() throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.BANK, Shape.SAME)) {
            SlotReader reader = new SlotReader(site);
            reader.create();
            write(site);
            return reader.readAll();
        }
    }

    private Duration followed(Way way) throws SQLException, InterruptedException {
        Shape shape = Followers.shape(way);
        try (Site site = ground.site(Volume.BANK, shape);
                Follower follower = Followers.of(way, site, directory);
                Connection green = site.connect(Side.GREEN)) {
            follower.load();
            follower.pause();
            write(site);
            long began = site.patience().clock().nanoTime();
            follower.resume();
            site.patience().until("the marker has arrived", LOOK_EVERY, () -> {
                follower.demandWell();
                return Site.holds(green, ARRIVED);
            });
            Duration time = site.patience().clock().since(began);
            site.demandEqual(shape);
            return time;
        }
    }

    private void write(Site site) throws SQLException {
        int tellers = Volume.branches(settings.rows()) * Volume.TELLERS_OF_A_BRANCH;
        try (Connection blue = site.connect(Side.BLUE);
                Statement statement = blue.createStatement()) {
            statement.setEscapeProcessing(false);
            // Nobody waits for these transactions; the marker's own commit brings all of them to the disk.
            statement.execute("set synchronous_commit = off");
            statement.execute(
                    """
            do $$
            declare
                account bigint;
                teller int;
            begin
                perform setseed(0.25);
                for n in 1..%d loop
                    account := 1 + floor(random() * %d);
                    teller := 1 + floor(random() * %d);
                    perform bench.transact(account, teller, 1 + (teller - 1) / %d,
                                           floor(random() * 10001)::int - 5000);
                    commit;
                end loop;
            end $$
            """.formatted(settings.transactions(), settings.rows(), tellers, Volume.TELLERS_OF_A_BRANCH));
            statement.execute("set synchronous_commit = on");
            statement.execute("insert into marker values (1)");
        }
        site.checkpoint();
    }
}
