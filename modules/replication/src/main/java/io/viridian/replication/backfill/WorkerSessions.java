package io.viridian.replication.backfill;

import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.WriterSettings;
import org.jspecify.annotations.Nullable;

/**
 * One worker's sessions on both sides, opened when first needed and kept from chunk to chunk: with thousands of small
 * tables, connecting would take longer than copying. One thread at a time.
 */
final class WorkerSessions implements AutoCloseable {
    private static final String PURPOSE = "backfill";

    private final Database blue;
    private final Database green;
    private final String migration;
    private @Nullable Session reader;
    private @Nullable Session writer;

    WorkerSessions(ChunkCopy.Parts parts) {
        this.blue = parts.blue();
        this.green = parts.green();
        this.migration = parts.settings().migration();
    }

    /** On blue, outside a transaction. */
    Session reader() {
        Session open = reader;
        if (open == null) {
            open = blue.open(PURPOSE);
            reader = open;
        }
        return open;
    }

    /** On green, outside a transaction, allowed to write. */
    Session writer() {
        Session open = writer;
        if (open == null) {
            open = green.open(PURPOSE);
            writer = open;
            WriterSettings.apply(open, migration);
        }
        return open;
    }

    /** Ends both: nobody knows in which state a failed attempt left them. */
    @Override
    public void close() {
        Session writing = writer;
        Session reading = reader;
        writer = null;
        reader = null;
        if (writing != null) {
            writing.close();
        }
        if (reading != null) {
            reading.close();
        }
    }
}
