package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How far green is behind while writers write steadily. For the measuring thread. */
final class LagBench {
    private static final List<Way> WAYS = List.of(Way.NATIVE, Way.VIRIDIAN, Way.DEBEZIUM);

    /** Until buffers are warm and everybody has found the rhythm. */
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private static final Duration MARKER_EVERY = Duration.ofMillis(50);

    /** The precision of what is measured. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private static final double MILLIS_PER_SECOND = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Ground ground;
    private final BenchSettings settings;
    private final Path directory;
    private final Progress progress;

    LagBench(Ground ground, BenchSettings settings, Path directory, Progress progress) {
        this.ground = ground;
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
    }

    List<Lag> measure() throws SQLException, InterruptedException {
        List<Lag> measured = new ArrayList<>();
        for (Way way : WAYS) {
            measured.addAll(followed(way));
        }
        return measured;
    }

    /** One follower for all rates, from the lowest to the one of the goal. */
    private List<Lag> followed(Way way) throws SQLException, InterruptedException {
        List<Lag> measured = new ArrayList<>();
        Shape shape = Followers.shape(way);
        try (Site site = ground.site(Volume.BANK, shape);
                Follower follower = Followers.of(way, site, directory);
                Markers markers = new Markers(site)) {
            follower.load();
            site.checkpoint();
            for (int rate : rates()) {
                try (Writers writers = Writers.start(site, settings.rows(), rate)) {
                    site.patience().rest(WARM_UP);
                    Lag lag = sampled(way, rate, site, follower, writers, markers.anew());
                    measured.add(lag);
                    progress.line(
                            "lag",
                            "%-42s %,6d transactions/s asked for %8.0f ms at p99, with %,.0f",
                            way.words(),
                            rate,
                            lag.endToEnd().p99(),
                            lag.perSecond());
                }
            }
        }
        return measured;
    }

    private List<Integer> rates() {
        return Stream.of(settings.rate() / 4, settings.rate() / 2, settings.rate())
                .filter(rate -> rate > 0)
                .toList();
    }

    private Lag sampled(Way way, int rate, Site site, Follower follower, Writers writers, Markers markers)
            throws SQLException, InterruptedException {
        Clock clock = site.patience().clock();
        List<Double> shown = new ArrayList<>();
        long before = writers.written();
        long began = clock.nanoTime();
        long due = began;
        Deadline end = Deadline.after(clock, settings.steady());
        while (!end.expired()) {
            if (clock.nanoTime() - due >= 0) {
                due += MARKER_EVERY.toNanos();
                markers.write();
                follower.shownLag().ifPresent(seconds -> shown.add(seconds * MILLIS_PER_SECOND));
            }
            markers.look();
            site.patience().rest(LOOK_EVERY);
        }
        double perSecond = (writers.written() - before) / Progress.seconds(clock.since(began));
        site.patience().until("the last marker has arrived", LOOK_EVERY, () -> {
            follower.demandWell();
            return markers.look();
        });
        writers.trouble().ifPresent(trouble -> {
            throw new BenchFailure(trouble);
        });
        return new Lag(
                way.id(),
                way.words(),
                rate,
                perSecond,
                Percentiles.of(markers.millis),
                shown.isEmpty() ? null : Percentiles.of(shown));
    }

    /** Rows that are written on blue and looked for on green. The next one does not wait for the last one to arrive. */
    private static final class Markers implements AutoCloseable {
        private final Clock clock;
        private final Connection blue;
        private final Connection green;
        private final PreparedStatement write;
        private final PreparedStatement look;
        private final List<Long> written = new ArrayList<>();
        private final List<Double> millis = new ArrayList<>();

        /** Markers before the first of {@link #written}. */
        private long earlier;

        Markers(Site site) throws SQLException {
            clock = site.patience().clock();
            blue = site.connect(Side.BLUE);
            green = site.connect(Side.GREEN);
            write = blue.prepareStatement("insert into marker values (?)");
            look = green.prepareStatement("select coalesce(max(id), 0) from marker");
        }

        /** Forgets all that were written; they have arrived. */
        Markers anew() {
            earlier += written.size();
            written.clear();
            millis.clear();
            return this;
        }

        void write() throws SQLException {
            written.add(clock.nanoTime());
            write.setLong(1, earlier + written.size());
            write.executeUpdate();
        }

        /** Whether all that were written have arrived. */
        boolean look() throws SQLException {
            long newest;
            try (ResultSet row = look.executeQuery()) {
                row.next();
                newest = row.getLong(1) - earlier;
            }
            while (millis.size() < newest) {
                millis.add((clock.nanoTime() - written.get(millis.size())) / NANOS_PER_MILLI);
            }
            return millis.size() == written.size();
        }

        @Override
        public void close() throws SQLException {
            blue.close();
            green.close();
        }
    }
}
