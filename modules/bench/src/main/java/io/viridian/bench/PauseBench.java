package io.viridian.bench;

import io.viridian.migration.Operation;
import io.viridian.plan.Side;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How long clients cannot write when the sides are switched under load. For the measuring thread. */
final class PauseBench {
    private static final List<Operation.Type> SWITCHES = List.of(Operation.Type.CUTOVER, Operation.Type.ROLLBACK);

    /** Until buffers are warm and lanes have found the rhythm; again after each switch. */
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final Ground ground;
    private final BenchSettings settings;
    private final Path directory;
    private final Progress progress;
    private final Map<Operation.Type, List<Double>> pauses = new EnumMap<>(Operation.Type.class);
    private final Map<Operation.Type, List<Double>> rates = new EnumMap<>(Operation.Type.class);
    private final Map<Operation.Type, Long> refused = new EnumMap<>(Operation.Type.class);

    PauseBench(Ground ground, BenchSettings settings, Path directory, Progress progress) {
        this.ground = ground;
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
    }

    List<Pauses> measure() throws SQLException, InterruptedException {
        try (Site site = ground.site(Volume.BANK, Shape.SAME)) {
            site.execute(Side.GREEN, Volume.TRANSACTION);
            try (ViridianHere daemon = ViridianHere.thatSwitches(site, directory.resolve(site.database()))) {
                daemon.load();
                site.checkpoint();
                try (Clients clients = Clients.start(site, settings.rows(), settings.rate())) {
                    for (int round = 0; round < settings.repetitions(); round++) {
                        for (Operation.Type type : SWITCHES) {
                            change(site, daemon, clients, type, round);
                        }
                    }
                }
                site.patience().until("the last transaction has arrived", WARM_UP.dividedBy(60), () -> {
                    daemon.demandWell();
                    return site.ask(Side.BLUE, site.volume().sums())
                            .equals(site.ask(Side.GREEN, site.volume().sums()));
                });
            }
        }
        return SWITCHES.stream().map(this::told).toList();
    }

    private void change(Site site, ViridianHere daemon, Clients clients, Operation.Type type, int round)
            throws SQLException, InterruptedException {
        site.patience().rest(WARM_UP);
        daemon.verify();
        long began = site.patience().clock().nanoTime();
        long before = clients.written();
        site.patience().rest(WARM_UP);
        double perSecond = (clients.written() - before)
                / Progress.seconds(site.patience().clock().since(began));
        long refusedBefore = clients.refused();
        daemon.change(type, _ -> clients.forgetPauses());
        List<Double> seen = clients.pauses();
        pauses.computeIfAbsent(type, _ -> new ArrayList<>()).addAll(seen);
        rates.computeIfAbsent(type, _ -> new ArrayList<>()).add(perSecond);
        refused.merge(type, clients.refused() - refusedBefore, Long::sum);
        progress.line(
                "pause",
                "round %d of %d: %-66s %8.0f ms at most, with %,.0f transactions/s",
                round + 1,
                settings.repetitions(),
                type.text(),
                Percentiles.of(seen).longest(),
                perSecond);
    }

    private Pauses told(Operation.Type type) {
        return new Pauses(
                type.text(),
                settings.repetitions(),
                Spread.of(rates.getOrDefault(type, List.of())).median(),
                refused.getOrDefault(type, 0L),
                Percentiles.of(pauses.getOrDefault(type, List.of())));
    }
}
