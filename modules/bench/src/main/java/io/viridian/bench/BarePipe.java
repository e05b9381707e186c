package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.postgres.CopyPipe;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The least that a load can be: binary COPY of two page ranges of one table, side by side, and the primary key built
 * when the rows are there. No snapshot, no ledger, nobody may write meanwhile.
 */
final class BarePipe {
    /** As many as Viridian's own default of {@code backfill.workers}. */
    private static final int RANGES = 2;

    private final Site site;

    BarePipe(Site site) {
        this.site = site;
    }

    LoadTimes load() throws InterruptedException, SQLException {
        long began = site.patience().clock().nanoTime();
        try (Database blue = database(Side.BLUE);
                Database green = database(Side.GREEN)) {
            copy(blue, green);
        }
        Duration copy = site.patience().clock().since(began);
        site.execute(Side.GREEN, Shape.ACCOUNTS_KEY);
        return new LoadTimes(site.patience().clock().since(began), copy);
    }

    private void copy(Database blue, Database green) throws InterruptedException, SQLException {
        String size = "select pg_relation_size('accounts') / current_setting('block_size')::bigint";
        long share = Long.parseLong(site.ask(Side.BLUE, size)) / RANGES + 1;
        List<Future<CopyPipe.Copied>> parts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                RANGES, Thread.ofPlatform().name("bare-copy-", 1).factory())) {
            for (int range = 0; range < RANGES; range++) {
                String out =
                        "copy (select * from accounts where ctid >= '(%d,0)' and ctid < '(%d,0)') to stdout (format binary)"
                                .formatted(range * share, (range + 1) * share);
                parts.add(threads.submit(() -> pour(blue, out, green)));
            }
            for (Future<CopyPipe.Copied> part : parts) {
                part.get();
            }
        } catch (ExecutionException failure) {
            throw new BenchFailure("the bare copy failed: " + failure.getCause(), failure);
        }
    }

    private CopyPipe.Copied pour(Database blue, String out, Database green) throws InterruptedException {
        try (Session from = blue.open("copy");
                Session into = green.open("copy")) {
            String limit = "set statement_timeout = " + site.patience().limit().toMillis();
            from.execute(limit);
            into.execute(limit);
            return CopyPipe.pour(from, out, into, "copy accounts from stdin (format binary)", _ -> {});
        }
    }

    private Database database(Side side) {
        String url = site.server(side).jdbcUrl(site.database());
        return new Database(
                new Endpoint(side, url, Map.of("user", site.server(side).superuser())), "bench");
    }
}
