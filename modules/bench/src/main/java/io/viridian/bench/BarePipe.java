package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.postgres.CopyPipe;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The least that a load can be: binary COPY of page ranges, side by side, and the primary keys built when the rows are
 * there. No snapshot, no ledger, nobody may write meanwhile.
 */
final class BarePipe {
    /** As many as Viridian's own default of {@code backfill.workers}. */
    private static final int WORKERS = 2;

    /** Smaller tables are not worth two pieces. */
    private static final long PAGES_OF_A_LARGE_TABLE = 1_000;

    private final Site site;
    private final Shape shape;

    BarePipe(Site site, Shape shape) {
        this.site = site;
        this.shape = shape;
    }

    LoadTimes load() throws InterruptedException, SQLException {
        long began = site.patience().clock().nanoTime();
        try (Database blue = database(Side.BLUE);
                Database green = database(Side.GREEN)) {
            copy(blue, green);
        }
        Duration copy = site.patience().clock().since(began);
        site.execute(Side.GREEN, shape.keys(site.volume()));
        return new LoadTimes(site.patience().clock().since(began), copy);
    }

    private void copy(Database blue, Database green) throws InterruptedException, SQLException {
        Queue<Piece> pieces = new ConcurrentLinkedQueue<>(pieces());
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                WORKERS, Thread.ofPlatform().name("bare-copy-", 1).factory())) {
            for (int worker = 0; worker < WORKERS; worker++) {
                workers.add(threads.submit(() -> {
                    pour(blue, green, pieces);
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException failure) {
            throw new BenchFailure("the bare copy failed: " + failure.getCause(), failure);
        }
    }

    /** Pages of a table, up to and without the last one. */
    private record Piece(Shape.Copied copied, long from, long to) {
        String out() {
            return "copy (select %s from %s where ctid >= '(%d,0)' and ctid < '(%d,0)') to stdout (format binary)"
                    .formatted(copied.columns(), copied.from(), from, to);
        }

        String into() {
            return "copy %s from stdin (format binary)".formatted(copied.to());
        }
    }

    private List<Piece> pieces() throws SQLException {
        List<Piece> pieces = new ArrayList<>();
        try (Connection blue = site.connect(Side.BLUE)) {
            for (Shape.Copied copied : shape.copied(site.volume())) {
                long pages = Long.parseLong(Site.ask(
                        blue,
                        "select pg_relation_size('%s') / current_setting('block_size')::bigint"
                                .formatted(copied.from())));
                int parts = pages > PAGES_OF_A_LARGE_TABLE ? WORKERS : 1;
                long share = pages / parts + 1;
                for (int part = 0; part < parts; part++) {
                    pieces.add(new Piece(copied, part * share, (part + 1) * share));
                }
            }
        }
        return pieces;
    }

    private void pour(Database blue, Database green, Queue<Piece> pieces) throws InterruptedException {
        try (Session from = blue.open("copy");
                Session into = green.open("copy")) {
            String limit = "set statement_timeout = " + site.patience().limit().toMillis();
            from.execute(limit);
            into.execute(limit);
            for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
                CopyPipe.pour(from, piece.out(), into, piece.into(), _ -> {});
            }
        }
    }

    private Database database(Side side) {
        String url = site.server(side).jdbcUrl(site.database());
        return new Database(
                new Endpoint(side, url, Map.of("user", site.server(side).superuser())), "bench");
    }
}
