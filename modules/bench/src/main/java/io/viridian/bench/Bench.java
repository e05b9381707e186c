package io.viridian.bench;

import io.viridian.testkit.server.InstalledPostgres;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures everything, writes it down, and tells. One thread. */
final class Bench {
    /** A thousand times what a small step takes, and several times what the largest volumes take on a slow disk. */
    private static final Duration STEP_WITHIN = Duration.ofMinutes(15);

    private final BenchSettings settings;
    private final Clock clock;
    private final Progress progress;
    private final Patience patience;

    Bench(BenchSettings settings, PrintStream out, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.progress = new Progress(out, clock);
        this.patience = new Patience(clock, progress, STEP_WITHIN);
    }

    /** @param serverSettings what the servers were started with, to be told */
    void run(ServerPair servers, Map<String, String> serverSettings) throws SQLException, InterruptedException {
        Before before = before();
        Results measured = measure(servers, serverSettings, before);
        Disk.write(settings.results(), ResultsFile.write(measured));
        show();
    }

    /** What the results that were kept last say. */
    private Before before() {
        if (!Files.exists(BenchSettings.KEPT)) {
            return Before.NOTHING;
        }
        try {
            return Before.of(ResultsFile.read(Disk.read(BenchSettings.KEPT)));
        } catch (BenchFailure foreign) {
            progress.line(
                    "", "nothing is compared with %s: %s", BenchSettings.KEPT, String.valueOf(foreign.getMessage()));
            return Before.NOTHING;
        }
    }

    /** Measures these parts for somebody who is changing what they depend on: tables on the terminal, nothing kept. */
    void runParts(ServerPair servers, Map<String, String> serverSettings, List<String> parts)
            throws SQLException, InterruptedException {
        Path directory = Disk.newDirectory();
        try {
            Ground ground = new Ground(servers, settings.rows(), patience);
            for (String part : parts) {
                progress.plain(
                        "\n" + part(part, ground, serverSettings, directory).text());
            }
        } finally {
            Disk.remove(directory);
        }
    }

    private Table part(String part, Ground ground, Map<String, String> serverSettings, Path directory)
            throws SQLException, InterruptedException {
        return switch (part) {
            case "load" -> Tables.loads(loads(ground, serverSettings, directory));
            case "drain" -> Tables.drains(drains(ground, serverSettings, directory));
            case "lag" -> Tables.lag(new LagBench(ground, settings, directory, progress).measure());
            case "pause" -> Tables.pauses(new PauseBench(ground, settings, directory, progress).measure());
            case "cold" -> Tables.cold(new ColdBench(ground, settings, directory, progress).measure());
            case "verify" ->
                Tables.verify(new VerifyBench(ground, directory, progress).measure(settings.repetitions()));
            case "guard" -> Tables.guard(new GuardBench(ground, directory, progress).measure(settings.repetitions()));
            default ->
                throw new BenchFailure("there is no part '%s'; there are load, drain, cold, lag, pause, verify, guard"
                        .formatted(part));
        };
    }

    /** Makes table, page and drawings from the file. */
    void show() {
        Results results = ResultsFile.read(Disk.read(settings.results()));
        List<Goal> goals = Goals.of(results);
        for (Table table : List.of(
                Tables.loads(results.load()),
                Tables.drains(results.drain()),
                Tables.cold(results.cold()),
                Tables.lag(results.lag()),
                Tables.pauses(results.pauses()),
                Tables.verify(results.verify()),
                Tables.guard(results.guard()),
                Tables.ratios(goals, results.before()))) {
            progress.plain("\n" + table.text());
        }
        Path docs = settings.docs();
        Disk.write(docs.resolve("performance.md"), PerformancePage.of(results));
        Charts.of(results)
                .forEach((name, svg) -> Disk.write(docs.resolve("performance").resolve(name), svg));
        progress.plain("\n%s; PostgreSQL %s; %s\n"
                .formatted(
                        results.machine().words(),
                        results.postgres(),
                        results.memory().words()));
        progress.plain("%s and %s".formatted(settings.results(), docs.resolve("performance.md")));
    }

    private Results measure(ServerPair servers, Map<String, String> serverSettings, Before before)
            throws SQLException, InterruptedException {
        Path directory = Disk.newDirectory();
        try (Heap heap = new Heap()) {
            Ground ground = new Ground(servers, settings.rows(), patience);
            List<Load> load = loads(ground, serverSettings, directory);
            List<Drain> drain = drains(ground, serverSettings, directory);
            List<Series> cold = new ColdBench(ground, settings, directory, progress).measure();
            List<Lag> lag = new LagBench(ground, settings, directory, progress).measure();
            List<Pauses> pauses = new PauseBench(ground, settings, directory, progress).measure();
            List<Series> verify = new VerifyBench(ground, directory, progress).measure(settings.repetitions());
            List<Series> guard = new GuardBench(ground, directory, progress).measure(settings.repetitions());
            return new Results(
                    settings.command(),
                    clock.now().atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                    Machine.here(),
                    ground.version(),
                    serverSettings,
                    settings.rows(),
                    settings.transactions(),
                    settings.repetitions(),
                    settings.rate(),
                    settings.steady().toSeconds(),
                    load,
                    drain,
                    cold,
                    lag,
                    pauses,
                    verify,
                    guard,
                    heap.memory(),
                    before);
        } finally {
            Disk.remove(directory);
        }
    }

    /** Of every kind of tables, the narrow one first. */
    private List<Load> loads(Ground ground, Map<String, String> serverSettings, Path directory)
            throws SQLException, InterruptedException {
        List<Load> loads = new ArrayList<>();
        for (Volume volume : Volume.values()) {
            if (volume == Volume.BANK) {
                continue;
            }
            LoadBench bench = volume == Volume.TABLE
                    ? LoadBench.usual(ground, directory, progress)
                    : LoadBench.other(ground, volume, directory, progress);
            loads.add(new Load(
                    volume.id(), volume.words(), volume.rows(settings.rows()), bench.measure(settings.repetitions())));
        }
        Load narrow = loads.getFirst();
        List<Series> ways = new ArrayList<>(narrow.ways());
        ways.addAll(besidePgCopyDb(serverSettings, directory));
        ways.addAll(besidePglogical(
                "load",
                serverSettings,
                own -> LoadBench.besidePglogical(own, directory, progress).measure(settings.repetitions())));
        loads.set(0, new Load(narrow.volume(), narrow.words(), narrow.rows(), ways));
        return loads;
    }

    /** Of every kind of backlog, pgbench's first. */
    private List<Drain> drains(Ground ground, Map<String, String> serverSettings, Path directory)
            throws SQLException, InterruptedException {
        List<Drain> drains = new ArrayList<>(
                DrainBench.usual(ground, settings, directory, progress).measure());
        Drain first = drains.getFirst();
        List<Series> ways = new ArrayList<>(first.ways());
        ways.addAll(besidePglogical(
                "drain",
                serverSettings,
                own -> DrainBench.besidePglogical(own, settings, directory, progress)
                        .measure()
                        .getFirst()
                        .ways()));
        drains.set(0, new Drain(first.backlog(), first.words(), first.changes(), ways));
        return drains;
    }

    private List<Series> besidePgCopyDb(Map<String, String> serverSettings, Path directory)
            throws SQLException, InterruptedException {
        if (!PgCopyDb.installed()) {
            progress.line("load", "pgcopydb is not installed, so nothing is measured beside it");
            return List.of();
        }
        try (ServerPair servers = ServerPair.start(PgCopyDb.SERVERS, PgCopyDb.SERVERS, serverSettings)) {
            Ground ground = new Ground(servers, settings.rows(), patience);
            return LoadBench.besidePgCopyDb(ground, directory, progress).measure(settings.repetitions());
        }
    }

    /** Something that several ways take turns at. */
    @FunctionalInterface
    private interface Measurement {
        List<Series> on(Ground ground) throws SQLException, InterruptedException;
    }

    private List<Series> besidePglogical(String part, Map<String, String> serverSettings, Measurement measurement)
            throws SQLException, InterruptedException {
        Optional<InstalledPostgres> installed = Pglogical.installed();
        if (installed.isEmpty()) {
            progress.line(part, "pglogical is not installed, so nothing is measured beside it");
            return List.of();
        }
        try (ServerPair servers = installed.get().start(Pglogical.settings(serverSettings))) {
            return measurement.on(Ground.withPglogical(servers, settings.rows(), patience));
        }
    }
}
