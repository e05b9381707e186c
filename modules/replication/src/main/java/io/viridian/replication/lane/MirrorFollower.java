package io.viridian.replication.lane;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.plan.Derivation;
import io.viridian.plan.Route;
import io.viridian.plan.TypeName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.apply.SliceWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings to the mirrors what the way back wrote on blue. The lane leaves such changes out, because green, where they
 * were made, has them; its mirrors do not, and they must be as blue is when the stream goes forward again. Has a
 * session and a position of its own, so that it goes on whether the lane applies or watches. Derived targets are not
 * computed here: while green owns the writes they are the application's, and they are noted as not kept, so that the
 * lane fills them anew when it applies again. Lane thread only.
 */
final class MirrorFollower implements AutoCloseable {
    private static final String APPLIED = "select lsn::text from viridian.mirrored where migration = ?";

    private static final String MOVE = """
            insert into viridian.mirrored as m (migration, lsn, epoch) values (?, ?::pg_lsn, ?)
            on conflict (migration) do update set lsn = excluded.lsn, epoch = excluded.epoch
            where m.epoch <= excluded.epoch and m.lsn < excluded.lsn
            """;

    private static final String STALE = "update viridian.derived set built_at = null where migration = ?";

    private static final long SLICE_BYTES = 8L * 1024 * 1024;

    private final LaneSettings settings;
    private final ApplyLane.LaneParts parts;
    private final ChangeReader reader;
    private volatile @Nullable Session session;
    private Lsn applied = Lsn.ZERO;
    private Lsn end = Lsn.ZERO;
    private Slice slice = new Slice();
    private boolean open;
    private boolean rows;

    MirrorFollower(LaneSettings settings, ApplyLane.LaneParts parts, Map<TypeName, Long> types) {
        this.settings = settings;
        this.parts = parts;
        this.reader = new ChangeReader(mirrors(parts.routes()), types);
    }

    /** The routes that fill mirrors. */
    private static List<Route> mirrors(Collection<Route> routes) {
        return routes.stream()
                .filter(route -> route.target().schema().equals(Derivation.SCHEMA))
                .toList();
    }

    void described(Change.SourceTable table) {
        reader.described(table);
    }

    /** A row that we wrote on the source, in a transaction committed there. */
    void row(Change change, Lsn committed) {
        Session writer = session();
        if (committed.isBefore(applied)) {
            return;
        }
        switch (change) {
            case Change.Insert insert when reader.knows(insert.table()) -> add(reader.insert(insert), writer);
            case Change.Update update when reader.knows(update.table()) -> add(reader.update(update), writer);
            case Change.Delete delete when reader.knows(delete.table()) -> add(reader.delete(delete), writer);
            case Change.Truncate truncate ->
                truncate.tables().stream()
                        .filter(reader::knows)
                        .forEach(table -> add(new RowChange.Truncate(reader.layout(table.name())), writer));
            default -> {
                // Of tables that nothing mirrors.
            }
        }
    }

    private void add(RowChange change, Session writer) {
        if (!slice.fits(change)) {
            write(writer);
        }
        slice.add(change);
        rows = true;
        if (slice.size() >= settings.windowRows() || slice.bytes() >= SLICE_BYTES) {
            write(writer);
        }
    }

    /** A transaction ended; its rows are all in. */
    void ended(Lsn endLsn) {
        if (rows) {
            end = endLsn;
            if (slice.size() >= settings.windowRows()) {
                flush();
            }
        }
    }

    /** Whether rows of whole transactions wait to be committed. */
    boolean waits() {
        return rows;
    }

    /** Commits what has come; to be called between transactions. */
    void flush() {
        if (!rows) {
            return;
        }
        Session writer = session();
        write(writer);
        writer.update(STALE, settings.migration());
        long moved = writer.update(MOVE, settings.migration(), end.toString(), settings.daemonEpoch());
        if (moved != 1) {
            throw Fault.about(
                            FaultCode.HELD_BY_ANOTHER,
                            settings.migration(),
                            "cannot move the mirrors to " + end + " with daemon epoch " + settings.daemonEpoch()
                                    + ": another daemon has taken over; this one stops")
                    .asException();
        }
        parts.failpoints().pass(CrashPoint.STREAM_BEFORE_WINDOW_COMMIT);
        writer.commit();
        parts.failpoints().pass(CrashPoint.STREAM_AFTER_WINDOW_COMMIT);
        open = false;
        rows = false;
        applied = end;
    }

    private void write(Session writer) {
        if (!open) {
            writer.begin();
            open = true;
        }
        if (!slice.isEmpty()) {
            new SliceWriter(writer, true, (source, key) -> {
                        throw Fault.about(
                                        FaultCode.STREAM_UNEXPECTED,
                                        source.name().toString(),
                                        "row " + key + " of the mirror of " + source.name() + " is not there")
                                .asException();
                    })
                    .write(slice);
            slice = new Slice();
        }
    }

    private Session session() {
        Session existing = session;
        if (existing != null) {
            return existing;
        }
        Session opened = parts.target().open("mirror");
        session = opened;
        WriterSettings.apply(opened, settings.migration());
        applied = opened.first(APPLIED, row -> row.lsn(1), settings.migration()).orElse(Lsn.ZERO);
        return opened;
    }

    /** Ends the connection at once; from any thread. */
    void abort() {
        Session writing = session;
        if (writing != null) {
            writing.abort();
        }
    }

    @Override
    public void close() {
        Session writing = session;
        if (writing != null) {
            writing.close();
        }
    }
}
