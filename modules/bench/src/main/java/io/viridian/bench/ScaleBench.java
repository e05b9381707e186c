package io.viridian.bench;

import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Measures each step once, on databases that are dropped before the next. For the measuring thread. */
final class ScaleBench {
    private static final double BYTES_PER_MIB = 1024.0 * 1024;

    /** Of a thousand bytes a row. */
    private static final int ROWS_OF_A_MEGABYTE = 1_000;

    private final ScaleSite sites;
    private final Calls calls;
    private final Heap heap;
    private final Path directory;
    private final Progress progress;

    ScaleBench(ScaleSite sites, Calls calls, Heap heap, Path directory, Progress progress) {
        this.sites = sites;
        this.calls = calls;
        this.heap = heap;
        this.directory = directory;
        this.progress = progress;
    }

    /** As the defaults copy them. */
    List<ScaleLoad> rows(List<Integer> steps) throws SQLException, InterruptedException {
        List<ScaleLoad> loads = new ArrayList<>();
        for (int rows : steps) {
            progress.line("scale", "filling a table with %,d rows", rows);
            try (Site site = sites.rows(rows);
                    ViridianHere daemon = new ViridianHere(site, Shape.SAME, own(site))) {
                loads.add(told("rows", load(site, daemon, rows, rows)));
            }
        }
        return loads;
    }

    /** In ranges of the key, for the steps of those loads that were one chunk. */
    List<ScaleLoad> ranges(List<ScaleLoad> whole) throws SQLException, InterruptedException {
        List<ScaleLoad> loads = new ArrayList<>();
        for (ScaleLoad one : whole) {
            if (one.chunks() > 1) {
                continue;
            }
            progress.line("scale", "filling a table with %,d rows, to be copied in ranges", one.size());
            try (Site site = sites.rows(one.size());
                    ViridianHere daemon = ViridianHere.inRanges(site, own(site))) {
                loads.add(told("ranges", load(site, daemon, one.size(), one.rows())));
            }
        }
        return loads;
    }

    List<ScaleLoad> tables(List<Integer> steps) throws SQLException, InterruptedException {
        List<ScaleLoad> loads = new ArrayList<>();
        for (int tables : steps) {
            progress.line("scale", "making %,d tables", tables);
            try (Site site = sites.tables(tables);
                    ViridianHere daemon = new ViridianHere(site, Shape.SAME, own(site))) {
                loads.add(told("tables", load(site, daemon, tables, (long) tables * ScaleSite.ROWS_OF_A_TABLE)));
            }
        }
        return loads;
    }

    private ScaleLoad load(Site site, ViridianHere daemon, int size, long rows)
            throws SQLException, InterruptedException {
        heap.restart();
        calls.restart();
        daemon.resume();
        daemon.await(StateName.BACKFILLING);
        Counted before = calls.since(site.database());
        daemon.await(StateName.CATCHING_UP);
        Counted loaded = calls.since(site.database());
        daemon.await(StateName.READY);
        Counted beforeVerifying = calls.since(site.database());
        double verified = Progress.seconds(daemon.verify());
        Counted afterVerifying = calls.since(site.database());
        long peak = heap.peakBytes();
        long kept = heap.keptBytes();
        demandRows(site, rows);
        return new ScaleLoad(
                size,
                rows,
                Progress.seconds(daemon.loaded().whole()),
                verified,
                peak,
                kept,
                Long.parseLong(site.ask(Side.GREEN, "select count(*) from viridian.chunk")),
                before,
                loaded.minus(before),
                afterVerifying.minus(beforeVerifying));
    }

    /** The verification has found both sides equal; this is that they are not equally empty. */
    private static void demandRows(Site site, long rows) throws SQLException {
        String copied = site.ask(Side.GREEN, "select sum(rows) from viridian.chunk");
        if (!copied.equals(Long.toString(rows))) {
            throw new BenchFailure("%s rows were copied in %s and not %d".formatted(copied, site.database(), rows));
        }
    }

    /** One daemon for all backlogs, started anew for each. */
    List<ScaleDrain> drains(List<Integer> steps, int accounts) throws SQLException, InterruptedException {
        List<ScaleDrain> drains = new ArrayList<>();
        progress.line("scale", "filling a bank of %,d accounts", accounts);
        try (Site site = sites.bank(accounts);
                ViridianHere daemon = new ViridianHere(site, Shape.SAME, own(site))) {
            daemon.load();
            for (int transactions : steps) {
                site.awaitSlotsForget();
                daemon.pause();
                Lsn end = write(site, Backlog.tpcB(transactions, accounts));
                ScaleDrain drain = drain(site, daemon, transactions, end);
                drains.add(drain);
                progress.line(
                        "drain",
                        "%,11d transactions: %8.2f s, %,d windows",
                        transactions,
                        drain.seconds(),
                        drain.windows());
                site.demandEqual(Shape.SAME);
            }
        }
        return drains;
    }

    /** One daemon for all transactions, started anew for each, which it finds committed. */
    List<ScaleDrain> large(List<Integer> steps) throws SQLException, InterruptedException {
        List<ScaleDrain> drains = new ArrayList<>();
        try (Site site = sites.documents();
                ViridianHere daemon = new ViridianHere(site, Shape.SAME, own(site))) {
            daemon.load();
            long rows = 0;
            for (int megabytes : steps) {
                site.awaitSlotsForget();
                daemon.pause();
                progress.line("scale", "writing one transaction of %,d MB", megabytes);
                long upTo = rows + (long) megabytes * ROWS_OF_A_MEGABYTE;
                Lsn end = write(site, """
                        insert into documents select n, 'document ' || n, repeat(md5(n::text), 30)
                        from generate_series(%d, %d) n
                        """.formatted(rows + 1, upTo));
                rows = upTo;
                ScaleDrain drain = drain(site, daemon, megabytes, end);
                drains.add(drain);
                progress.line(
                        "large",
                        "%,11d MB: %8.2f s, heap %,.0f MiB",
                        megabytes,
                        drain.seconds(),
                        drain.heapPeakBytes() / BYTES_PER_MIB);
                site.demandEqual(Shape.SAME);
            }
        }
        return drains;
    }

    private ScaleDrain drain(Site site, ViridianHere daemon, int size, Lsn end)
            throws SQLException, InterruptedException {
        heap.restart();
        calls.restart();
        long began = site.patience().clock().nanoTime();
        daemon.resume();
        daemon.awaitApplied(end);
        double seconds = Progress.seconds(site.patience().clock().since(began));
        Counted statements = calls.since(site.database());
        long windows = calls.windows(site.database());
        return new ScaleDrain(size, seconds, heap.peakBytes(), heap.keptBytes(), windows, statements);
    }

    /** Answers where blue's log ends with all of it. */
    private static Lsn write(Site site, String sql) throws SQLException {
        try (Connection blue = site.connect(Side.BLUE);
                Statement statement = blue.createStatement()) {
            statement.setEscapeProcessing(false);
            // Nobody waits for these transactions; the checkpoint brings all of them to the disk.
            statement.execute("set synchronous_commit = off");
            statement.execute(sql);
        }
        site.checkpoint();
        return Lsn.parse(site.ask(Side.BLUE, "select pg_current_wal_lsn()"));
    }

    private Path own(Site site) {
        return directory.resolve(site.database());
    }

    private ScaleLoad told(String what, ScaleLoad load) {
        progress.line(
                what,
                "%,11d: load %8.2f s, verification %8.2f s, %,d chunks, heap %,.0f MiB, statements %,d and %,d",
                load.size(),
                load.seconds(),
                load.verifySeconds(),
                load.chunks(),
                load.heapPeakBytes() / BYTES_PER_MIB,
                load.load().blue(),
                load.load().green());
        return load;
    }
}
