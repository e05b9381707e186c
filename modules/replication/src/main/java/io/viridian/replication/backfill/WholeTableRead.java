package io.viridian.replication.backfill;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.postgres.CopyPipe;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.WriterSettings;
import io.viridian.replication.merge.ChunkWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a whole table in one exported snapshot, by page ranges and several connections (manual 14-18, section 9.27.5,
 * pg_export_snapshot; TID range scans since 14), into an empty table without its key index, and builds that index. The
 * parts commit on their own: until the ledger says MERGED nobody looks at the table, and another attempt empties it.
 */
final class WholeTableRead implements ChunkCopy.RowSource {
    private final ChunkCopy chunk;
    private final ChunkCopy.Parts parts;
    private final int readers;

    WholeTableRead(ChunkCopy chunk, ChunkCopy.Parts parts, int readers) {
        this.chunk = chunk;
        this.parts = parts;
        this.readers = readers;
    }

    @Override
    public ChunkCopy.Read read(Session writer, ChunkWindow window) throws InterruptedException {
        Failpoints failpoints = parts.failpoints();
        chunk.routes().routes().forEach(route -> emptyTarget(route, writer));
        Session exporter = chunk.reader();
        exporter.beginSnapshot();
        String snapshot = chunk.takeSnapshot(exporter, window);
        CopyPipe.Copied copied = CopyPipe.Copied.NOTHING;
        for (Route route : chunk.routes().routes()) {
            copied = copied.plus(
                    readers == 1
                            ? single(route, exporter, writer)
                            : parallel(
                                    route,
                                    exporter.one("select pg_export_snapshot()", row -> row.text(1)),
                                    pages(exporter)));
        }
        exporter.commit();
        chunk.routes().routes().forEach(route -> parts.keys().buildKey(writer, route.target()));
        failpoints.pass(CrashPoint.BACKFILL_KEY_BUILT);
        writer.begin();
        return new ChunkCopy.Read(copied, snapshot);
    }

    private CopyPipe.Copied single(Route route, Session reader, Session writer) throws InterruptedException {
        ChunkSql sql = new ChunkSql(route);
        writer.begin();
        CopyPipe.Copied copied = chunk.pour(reader, sql.copyOut(chunk.range()), writer, sql.copyIn());
        commit(writer);
        return copied;
    }

    /** What an earlier attempt has left is removed; the first one finds nothing, or rows of other tables. */
    private void emptyTarget(Route route, Session writer) {
        String target = route.target().sql();
        String ours = " from " + target + " as t"
                + route.owned().map(condition -> " where " + condition).orElse("");
        writer.begin();
        if (writer.first("select 1" + ours + " limit 1", row -> true).isPresent()) {
            writer.execute(route.owned().isPresent() ? "delete" + ours : "truncate " + target);
        }
        commit(writer);
    }

    /** Commits rows before the merge, unless this daemon was replaced: its successor may have copied the table anew. */
    private void commit(Session writer) {
        parts.ledger().requireHeld(writer, chunk.range(), parts.settings().daemonEpoch());
        writer.commit();
    }

    private long pages(Session session) {
        return session.one(
                "select pg_relation_size(" + Sql.literal(chunk.routes().name().sql())
                        + "::regclass) / current_setting('block_size')::bigint",
                row -> row.number(1));
    }

    private CopyPipe.Copied parallel(Route route, String snapshot, long pages) throws InterruptedException {
        long share = pages / readers + 1;
        List<TaskGroup.Task<CopyPipe.Copied>> tasks = new ArrayList<>();
        for (int reader = 0; reader < readers; reader++) {
            long first = reader * share;
            long end = reader == readers - 1 ? -1 : first + share;
            tasks.add(() -> part(route, snapshot, first, end));
        }
        CopyPipe.Copied copied = CopyPipe.Copied.NOTHING;
        for (CopyPipe.Copied part : TaskGroup.runAll("viridian-part", tasks)) {
            copied = copied.plus(part);
        }
        return copied;
    }

    private CopyPipe.Copied part(Route route, String snapshot, long first, long end) throws InterruptedException {
        ChunkSql sql = new ChunkSql(route);
        Database blue = parts.blue();
        try (Session reader = blue.open("backfill");
                Session into = parts.green().open("backfill")) {
            WriterSettings.apply(into, parts.settings().migration());
            reader.begin();
            reader.execute("set transaction isolation level repeatable read, read only; set transaction snapshot "
                    + Sql.literal(snapshot));
            into.begin();
            CopyPipe.Copied copied = chunk.pour(reader, sql.copyOutPages(first, end), into, sql.copyIn());
            commit(into);
            reader.commit();
            return copied;
        }
    }
}
