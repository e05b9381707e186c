package io.viridian.bench;

import io.viridian.plan.Side;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What the guard costs a statement on blue while it lets everybody write: microseconds. The statements find no row, so
 * that nothing but the statement itself is in them, and are made by the server, so that no client is. For the measuring
 * thread.
 */
final class GuardBench {
    private static final int STATEMENTS = 500_000;

    private static final double NANOS_PER_MICRO = 1_000;

    private static final List<Way> WAYS = List.of(Way.UNGUARDED, Way.GUARDED);

    private final Ground ground;
    private final Path directory;
    private final Progress progress;
    private final Rounds rounds = new Rounds(WAYS);

    GuardBench(Ground ground, Path directory, Progress progress) {
        this.ground = ground;
        this.directory = directory;
        this.progress = progress;
    }

    List<Series> measure(int repetitions) throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.TABLE, Shape.SAME);
                ViridianHere daemon = new ViridianHere(site, Shape.SAME, directory.resolve(site.database()))) {
            daemon.load();
            daemon.pause();
            for (int round = 0; round < repetitions; round++) {
                for (Way way : Rounds.turn(WAYS, round)) {
                    double micros = microsPerStatement(site, way);
                    rounds.add(way, micros);
                    progress.line(
                            "guard", "round %d of %d: %-55s %8.2f µs", round + 1, repetitions, way.words(), micros);
                }
            }
        }
        return rounds.series();
    }

    private static double microsPerStatement(Site site, Way way) throws SQLException {
        site.execute(
                Side.BLUE,
                "alter table accounts %s trigger \"!viridian_guard\""
                        .formatted(way.equals(Way.GUARDED) ? "enable always" : "disable"));
        try (Connection connection = site.connect(Side.BLUE);
                Statement statement = connection.createStatement()) {
            long began = site.patience().clock().nanoTime();
            statement.execute("""
                    do $$
                    begin
                        for i in 1..%d loop
                            delete from accounts where aid = -i;
                        end loop;
                    end $$
                    """.formatted(STATEMENTS));
            return site.patience().clock().since(began).toNanos() / NANOS_PER_MICRO / STATEMENTS;
        }
    }
}
