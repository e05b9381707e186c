package io.viridian.bench;

import io.viridian.migration.Operation;
import io.viridian.plan.Side;
import io.viridian.testkit.ledger.Dialect;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerReport;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.ledger.Measurements;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.PgBouncer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Switches there and back again and again while the ledger's clients write through PgBouncer, and asks the clients. For
 * the measuring thread.
 */
final class PingPongBench {
    private static final List<Operation.Type> SWITCHES = List.of(Operation.Type.CUTOVER, Operation.Type.ROLLBACK);

    /** As in the other measurement of pauses. */
    private static final int CLIENTS = 8;

    /** More than the usual run makes; the ledger's memory is bounded by it. */
    private static final int OPERATIONS_MAX = 8_000_000;

    private static final String DATABASE = "pingpong";
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** Some ten seconds. */
    private static final int REFUSALS_IN_A_ROW = 10;

    private static final double NANOS_PER_MILLI = 1e6;

    private final ServerPair servers;
    private final PingPongSettings settings;
    private final Path directory;
    private final Progress progress;
    private final Patience patience;
    private final Map<Operation.Type, List<Double>> pauses = new EnumMap<>(Operation.Type.class);
    private final Map<Operation.Type, List<Double>> rates = new EnumMap<>(Operation.Type.class);
    private int undone;
    private int relieved;

    PingPongBench(ServerPair servers, PingPongSettings settings, Path directory, Progress progress, Patience patience) {
        this.servers = servers;
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
        this.patience = patience;
    }

    PingPong measure() throws SQLException, InterruptedException {
        servers.blue().createDatabase(DATABASE);
        servers.green().createDatabase(DATABASE);
        try (PgBouncer bouncer = bouncer()) {
            LedgerConfig ledger = LedgerConfig.of(
                            directory.resolve("ledger"), through(bouncer, Side.BLUE), through(bouncer, Side.GREEN))
                    .withWriters(CLIENTS)
                    .withOperationsPerSecond(settings.rate())
                    .withOperationsMax(OPERATIONS_MAX);
            try (Connection blue = servers.blue().connect(DATABASE)) {
                LedgerWorkload.install(blue, ledger);
            }
            try (ViridianHere daemon = daemon(bouncer);
                    LedgerWorkload clients = LedgerWorkload.start(ledger)) {
                daemon.load();
                for (int round = 0; round < settings.rounds(); round++) {
                    for (Operation.Type type : SWITCHES) {
                        change(daemon, clients, type, round);
                    }
                }
                clients.stop();
                return told(report(clients));
            }
        }
    }

    private PgBouncer bouncer() throws InterruptedException {
        try {
            return PgBouncer.start(directory, servers.blue(), DATABASE, "");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static io.viridian.testkit.ledger.Side through(PgBouncer bouncer, Side side) {
        return new io.viridian.testkit.ledger.Side(
                side.text(), bouncer.jdbcUrl(), Map.of("user", bouncer.user(), "prepareThreshold", "0"), Dialect.BLUE);
    }

    private ViridianHere daemon(PgBouncer bouncer) {
        return new ViridianHere(
                patience,
                directory,
                DATABASE,
                servers.blue().url(DATABASE),
                servers.green().url(DATABASE),
                """
                schema:
                  from: blue
                cutover:
                  stable-for: 1s
                  traffic:
                    - pgbouncer:
                        admin-url: postgresql://%s@127.0.0.1:%d/pgbouncer
                        config-file: %s
                        database: %s
                """.formatted(bouncer.user(), bouncer.port(), bouncer.file(), PgBouncer.DATABASE));
    }

    private void change(ViridianHere daemon, LedgerWorkload clients, Operation.Type type, int round)
            throws SQLException, InterruptedException {
        Instant before = patience.clock().now();
        daemon.verify();
        Instant began = patience.clock().now();
        double perSecond =
                clients.measure(before, began).acknowledged() / Progress.seconds(Duration.between(before, began));
        undone += daemon.change(type, refusals -> relieve(daemon, clients, refusals));
        Instant switched = patience.clock().now();
        patience.until("every client writes again", LOOK_EVERY, () -> everybodyWroteSince(switched, clients));
        Measurements seen = clients.measure(began, patience.clock().now());
        pauses.computeIfAbsent(type, _ -> new ArrayList<>())
                .addAll(seen.pauses().stream()
                        .map(pause -> pause.toNanos() / NANOS_PER_MILLI)
                        .toList());
        rates.computeIfAbsent(type, _ -> new ArrayList<>()).add(perSecond);
        progress.line(
                "pingpong",
                "round %d of %d: %-8s %5.0f ms at most, with %,.0f operations/s before",
                round + 1,
                settings.rounds(),
                type.text(),
                seen.longestPause().toNanos() / NANOS_PER_MILLI,
                perSecond);
    }

    /**
     * Clients that are faster than the side that follows keep it behind for ever, where all of them share a few cores:
     * after many refusals they go at half their rate until the gates are open, and at all of it into the switch.
     */
    private void relieve(ViridianHere daemon, LedgerWorkload clients, int refusals) {
        if (refusals == 0 || refusals % REFUSALS_IN_A_ROW != 0) {
            return;
        }
        relieved++;
        clients.pace(settings.rate() / 2);
        try {
            patience.until("the gates are open", LOOK_EVERY, daemon::admits);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", stopped);
        } catch (SQLException failure) {
            throw new BenchFailure("the gates cannot be read", failure);
        } finally {
            clients.pace(settings.rate());
        }
    }

    /** Whoever is silent has a pause that is longer than the interval. */
    private boolean everybodyWroteSince(Instant moment, LedgerWorkload clients) {
        Instant now = patience.clock().now();
        return clients.measure(moment, now).longestPause().compareTo(Duration.between(moment, now)) < 0;
    }

    private LedgerReport report(LedgerWorkload clients) throws SQLException {
        try (Connection blue = servers.blue().connect(DATABASE)) {
            return clients.check().check(blue, Dialect.BLUE);
        }
    }

    private PingPong told(LedgerReport report) throws SQLException {
        report.violations().forEach(violation -> progress.line("pingpong", "%s", violation));
        return new PingPong(
                settings.command(),
                patience.clock().now().atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                Machine.here(),
                versions(),
                settings.rounds(),
                settings.rate(),
                undone,
                relieved,
                SWITCHES.stream().map(this::direction).toList(),
                report.acknowledged(),
                report.lost(),
                report.doubled(),
                report.invented(),
                report.refused(),
                report.unknown(),
                report.violationCount());
    }

    private PingPong.Direction direction(Operation.Type type) {
        return new PingPong.Direction(
                type.text(),
                settings.rounds(),
                Spread.of(rates.getOrDefault(type, List.of())).median(),
                Percentiles.of(pauses.getOrDefault(type, List.of())));
    }

    private String versions() throws SQLException {
        try (Connection blue = servers.blue().connect(DATABASE);
                Connection green = servers.green().connect(DATABASE)) {
            return Site.ask(blue, "show server_version") + " and " + Site.ask(green, "show server_version");
        }
    }
}
