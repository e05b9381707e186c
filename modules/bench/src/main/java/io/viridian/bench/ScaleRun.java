package io.viridian.bench;

import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures every step of {@code scripts/bench scale}, writes it down, and tells. One thread. */
final class ScaleRun {
    private static final int VERSION = 18;

    /**
     * As of the usual measurements, but for less log, which with the largest step would else not fit on many a disk:
     * that step has checkpoints within, as a migration of that size has. And room for locks on all of the tables, each
     * with its index and what belongs to it, in one transaction.
     */
    private static final Map<String, String> SERVERS = Map.of(
            "fsync", "on",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "1h",
            "max_locks_per_transaction", "512");

    /** Several times what the largest step takes on a slow disk. */
    private static final Duration STEP_WITHIN = Duration.ofHours(6);

    private final ScaleSettings settings;
    private final Clock clock;
    private final Progress progress;
    private final Patience patience;

    ScaleRun(ScaleSettings settings, PrintStream out, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.progress = new Progress(out, clock);
        this.patience = new Patience(clock, progress, STEP_WITHIN);
    }

    /** On servers of its own; parts that are not measured now stay as the file has them. */
    void run(List<ScalePart> parts) throws SQLException, InterruptedException {
        Map<String, String> with = new HashMap<>(SERVERS);
        with.putAll(Calls.SETTINGS);
        try (ServerPair servers = ServerPair.start(VERSION, VERSION, with)) {
            run(servers, with, parts);
        }
    }

    /** @param serverSettings what the servers were started with: those of {@link Calls#SETTINGS}, and others */
    void run(ServerPair servers, Map<String, String> serverSettings, List<ScalePart> parts)
            throws SQLException, InterruptedException {
        Path directory = Disk.newDirectory();
        try (Calls calls = new Calls(servers);
                Heap heap = new Heap()) {
            ScaleBench bench = new ScaleBench(new ScaleSite(servers, patience), calls, heap, directory, progress);
            Scale scale = before(version(servers), serverSettings);
            for (ScalePart part : parts) {
                scale = measured(part, bench, scale);
                Disk.write(settings.results(), ResultsFile.write(scale));
            }
        } finally {
            Disk.remove(directory);
        }
        show();
    }

    /** What was measured on such a machine with such servers; of others nothing can be kept beside this. */
    private Scale before(String postgres, Map<String, String> serverSettings) {
        Scale nothing = Scale.nothing(settings, postgres, serverSettings);
        if (!Files.exists(settings.results())) {
            return nothing;
        }
        Scale known = ResultsFile.read(Disk.read(settings.results()), Scale.class);
        return known.standsBeside(nothing) ? known : nothing;
    }

    /** The same with one part measured anew. */
    private Scale measured(ScalePart part, ScaleBench bench, Scale scale) throws SQLException, InterruptedException {
        boolean anew = part == ScalePart.ROWS;
        List<ScaleLoad> rows = anew ? bench.rows(settings.rows()) : scale.rows();
        Map<String, String> days = new TreeMap<>(scale.measured());
        days.put(part.text(), today());
        return new Scale(
                scale.command(),
                days,
                scale.machine(),
                scale.postgres(),
                scale.settings(),
                scale.accounts(),
                scale.heapLimitBytes(),
                rows,
                anew ? bench.ranges(rows) : scale.ranges(),
                part == ScalePart.TABLES ? bench.tables(settings.tables()) : scale.tables(),
                part == ScalePart.DRAINS ? bench.drains(settings.transactions(), scale.accounts()) : scale.drains(),
                part == ScalePart.LARGE ? bench.large(settings.megabytes()) : scale.large());
    }

    private String today() {
        return clock.now().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static String version(ServerPair servers) throws SQLException {
        try (Connection connection = servers.blue().connect("postgres")) {
            return Site.ask(connection, "show server_version");
        }
    }

    /** Makes tables and page from the file. */
    void show() {
        Scale scale = ResultsFile.read(Disk.read(settings.results()), Scale.class);
        for (Table table : List.of(
                ScaleTables.times("rows", scale.rows()),
                ScaleTables.statements("rows", scale.rows()),
                ScaleTables.times("rows in ranges", scale.ranges()),
                ScaleTables.statements("rows in ranges", scale.ranges()),
                ScaleTables.times("tables", scale.tables()),
                ScaleTables.statements("tables", scale.tables()),
                ScaleTables.drains(scale.drains()),
                ScaleTables.large(scale.large()))) {
            progress.plain("\n" + table.text());
        }
        Path page = settings.docs().resolve("scale.md");
        Disk.write(page, ScalePage.of(scale));
        progress.plain("\n%s; PostgreSQL %s\n%s and %s"
                .formatted(scale.machine().words(), scale.postgres(), settings.results(), page));
    }
}
