package io.viridian.bench;

import io.viridian.plan.Side;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A full verification beside the least that comparing every row can cost: seconds. For the measuring thread. */
final class VerifyBench {
    private static final List<Way> WAYS = List.of(Way.HASH, Way.VERIFY);

    private final Ground ground;
    private final Path directory;
    private final Progress progress;
    private final Rounds rounds = new Rounds(WAYS);

    VerifyBench(Ground ground, Path directory, Progress progress) {
        this.ground = ground;
        this.directory = directory;
        this.progress = progress;
    }

    List<Series> measure(int repetitions) throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.TABLE, Shape.SAME);
                ViridianHere daemon = new ViridianHere(site, Shape.SAME, directory.resolve(site.database()))) {
            daemon.load();
            for (Side side : Side.values()) {
                site.execute(side, "vacuum (freeze, analyze) accounts");
            }
            site.checkpoint();
            for (int round = 0; round < repetitions; round++) {
                for (Way way : Rounds.turn(WAYS, round)) {
                    double seconds = Progress.seconds(way.equals(Way.HASH) ? slowerHash(site) : daemon.verify());
                    rounds.add(way, seconds);
                    progress.line(
                            "verify", "round %d of %d: %-55s %8.2f s", round + 1, repetitions, way.words(), seconds);
                }
            }
        }
        return rounds.series();
    }

    private static Duration slowerHash(Site site) throws SQLException {
        Duration slower = Duration.ZERO;
        for (Side side : Side.values()) {
            try (Connection connection = site.connect(side);
                    Statement statement = connection.createStatement()) {
                statement.execute("set max_parallel_workers_per_gather = 0");
                long began = site.patience().clock().nanoTime();
                Site.ask(
                        connection,
                        "select count(*) || ' ' || bit_xor(hash_record_extended(accounts, 0)) || ' '"
                                + " || sum(hash_record_extended(accounts, 1)::numeric) from accounts");
                Duration time = site.patience().clock().since(began);
                slower = time.compareTo(slower) > 0 ? time : slower;
            }
        }
        return slower;
    }
}
