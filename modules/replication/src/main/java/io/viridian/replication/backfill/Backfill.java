package io.viridian.replication.backfill;

import io.viridian.fault.Failpoints;
import io.viridian.plan.Catalog;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.SourceRoutes;
import io.viridian.plan.TableName;
import io.viridian.plan.TableShape;
import io.viridian.postgres.Database;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.replication.merge.KeyOrder;
import io.viridian.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The first copy of all tables. Large ones first: in key ranges with all workers, or whole with all workers as readers;
 * then the small ones, one worker each. What the ledger has as merged is not copied again.
 */
public final class Backfill {
    /** Below this many chunks' worth of bytes one reader is as fast as several, and several tables run side by side. */
    private static final int PARALLEL_FROM_CHUNKS = 2;

    private final ChunkCopy.Parts parts;
    private final List<SourceRoutes> sources;
    private final Map<TableName, TableProgress> progress = new LinkedHashMap<>();
    private final Catalog catalog;

    /**
     * What a backfill works with.
     *
     * @param catalog blue's, for sizes
     * @param lane the forward lane, running
     * @param brake what holds the copy back
     */
    public record Load(
            Database blue,
            Database green,
            Plan plan,
            Catalog catalog,
            ApplyLane lane,
            PostgresChunkLedger ledger,
            BackfillSettings settings,
            KeyBuilder keys,
            Brake brake,
            Failpoints failpoints,
            Clock clock) {}

    /** A backfill of a plan's tables. */
    public Backfill(Load load) {
        this.parts = new ChunkCopy.Parts(
                load.blue(),
                load.green(),
                load.lane(),
                load.ledger(),
                load.settings(),
                load.keys(),
                new Pace(new RateLimit(load.clock(), load.settings().bytesPerSecondMax()), load.brake(), load.clock()),
                load.failpoints(),
                load.clock());
        this.catalog = load.catalog();
        this.sources = load.plan().sources(Direction.FORWARD).stream()
                .sorted(Comparator.comparingLong((SourceRoutes source) -> bytes(source))
                        .reversed())
                .toList();
        for (SourceRoutes source : sources) {
            TableShape shape = catalog.table(source.name()).orElseThrow();
            progress.put(source.name(), new TableProgress(source, shape.bytes(), shape.estimatedRows()));
        }
    }

    /** How far each table is, largest first. */
    public List<TableProgress> progress() {
        return List.copyOf(progress.values());
    }

    /** The targets that are loaded without their key index: those of one table that is copied whole. */
    public static List<TableName> loadedWithoutKey(Plan plan, Catalog catalog, BackfillSettings settings) {
        return plan.sources(Direction.FORWARD).stream()
                .filter(source -> whole(source, catalog, settings))
                .flatMap(source -> source.routes().stream())
                .filter(route -> route.owned().isEmpty())
                .map(Route::target)
                .toList();
    }

    private static boolean whole(SourceRoutes source, Catalog catalog, BackfillSettings settings) {
        boolean small = catalog.table(source.name()).orElseThrow().bytes() <= settings.wholeTableBytesMax();
        return small || !source.keyed() || KeyOrder.of(source.source()).isEmpty();
    }

    private long bytes(SourceRoutes source) {
        return catalog.table(source.name()).orElseThrow().bytes();
    }

    /** Copies everything that is not copied; returns when every chunk is merged. */
    public void run() throws InterruptedException {
        Map<TableName, List<PostgresChunkLedger.Entry>> known = new LinkedHashMap<>();
        parts.ledger()
                .entries()
                .forEach(entry -> known.computeIfAbsent(entry.range().table(), _ -> new ArrayList<>())
                        .add(entry));
        known.forEach(this::restore);
        Set<TableName> finished = Set.copyOf(parts.ledger().finishedTables());
        finished.forEach(table -> Optional.ofNullable(progress.get(table)).ifPresent(one -> one.is("copied")));
        List<SourceRoutes> open = sources.stream()
                .filter(source -> !finished.contains(source.name()))
                .toList();
        Queue<SourceRoutes> small = new ConcurrentLinkedQueue<>();
        for (SourceRoutes source : open) {
            List<PostgresChunkLedger.Entry> entries = known.getOrDefault(source.name(), List.of());
            boolean began = !entries.isEmpty();
            boolean asWhole = began ? entries.getFirst().range().whole() : whole(source, catalog, parts.settings());
            if (!asWhole) {
                copyRanges(source, entries);
            } else if (bytes(source) >= PARALLEL_FROM_CHUNKS * parts.settings().chunkBytes()
                    && !source.source().partitioned()) {
                try (WorkerSessions sessions = new WorkerSessions(parts)) {
                    copyWhole(source, parts.settings().workers(), sessions);
                }
            } else {
                small.add(source);
            }
        }
        copySmall(small);
    }

    private void restore(TableName table, List<PostgresChunkLedger.Entry> entries) {
        TableProgress one = progress.get(table);
        if (one != null) {
            List<PostgresChunkLedger.Entry> merged =
                    entries.stream().filter(PostgresChunkLedger.Entry::merged).toList();
            one.restored(
                    merged.size(),
                    merged.stream().mapToLong(PostgresChunkLedger.Entry::rows).sum(),
                    merged.stream().mapToLong(PostgresChunkLedger.Entry::bytes).sum());
        }
    }

    private void copySmall(Queue<SourceRoutes> small) throws InterruptedException {
        List<TaskGroup.Task<Boolean>> workers = new ArrayList<>();
        for (int worker = 0; worker < parts.settings().workers(); worker++) {
            workers.add(() -> {
                try (WorkerSessions sessions = new WorkerSessions(parts)) {
                    for (SourceRoutes source = small.poll(); source != null; source = small.poll()) {
                        copyWhole(source, 1, sessions);
                    }
                }
                return true;
            });
        }
        TaskGroup.runAll("viridian-backfill", workers);
    }

    private void copyWhole(SourceRoutes source, int readers, WorkerSessions sessions) throws InterruptedException {
        TableProgress one = progressOf(source);
        one.is("copying");
        ChunkCopy chunk = new ChunkCopy(parts, source, ChunkRange.wholeTable(source.name()), one, sessions);
        chunk.copy(new WholeTableRead(chunk, parts, readers));
        one.is("copied");
    }

    private void copyRanges(SourceRoutes source, List<PostgresChunkLedger.Entry> entries) throws InterruptedException {
        TableProgress one = progressOf(source);
        one.is("copying");
        ChunkPlanner planner = new ChunkPlanner(
                parts.blue(),
                parts.ledger(),
                source.source(),
                parts.settings().daemonEpoch(),
                rowsPerChunk(source.name()),
                entries);
        List<TaskGroup.Task<Boolean>> workers = new ArrayList<>();
        for (int worker = 0; worker < parts.settings().workers(); worker++) {
            workers.add(() -> {
                try (WorkerSessions sessions = new WorkerSessions(parts)) {
                    for (Optional<ChunkRange> next = planner.next(); next.isPresent(); next = planner.next()) {
                        ChunkCopy chunk = new ChunkCopy(parts, source, next.get(), one, sessions);
                        chunk.copy((writer, window) -> chunk.readRange(chunk.reader(), writer, window));
                    }
                }
                return true;
            });
        }
        TaskGroup.runAll("viridian-backfill", workers);
        one.is("copied");
    }

    private long rowsPerChunk(TableName table) {
        TableShape shape = catalog.table(table).orElseThrow();
        double rowBytes =
                shape.estimatedRows() > 0 ? (double) shape.bytes() / shape.estimatedRows() : sampledRowBytes(table);
        return Math.clamp((long) (parts.settings().chunkBytes() / Math.max(rowBytes, 24)), 1_000, 5_000_000);
    }

    private double sampledRowBytes(TableName table) {
        return parts.blue()
                .query(session -> session.one(
                        "select coalesce(avg(pg_column_size(s.*)), 100)::bigint from (select * from " + table.sql()
                                + " limit 1000) as s",
                        row -> row.number(1)));
    }

    private TableProgress progressOf(SourceRoutes source) {
        TableProgress one = progress.get(source.name());
        if (one == null) {
            throw new IllegalArgumentException("not part of this backfill: " + source.name());
        }
        return one;
    }
}
