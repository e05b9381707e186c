package io.viridian.postgres.pgoutput;

import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.postgres.Database;
import java.util.Set;

/**
 * A slot and a publication of one database, as a {@link ChangeSource}. Large transactions are read while they are open
 * and wait in the spool for their commit; when the spool has failed, streams opened after that leave them to the
 * server, which keeps them on its own disk until then.
 */
public final class PgoutputSource implements ChangeSource {
    private final Database database;
    private final String slot;
    private final String publication;
    private final Set<String> ownOrigins;
    private final SpoolSpace space;
    private volatile boolean whileOpen = true;

    /**
     * @param database where the slot lives
     * @param slot the logical replication slot, plugin pgoutput
     * @param publication what it publishes
     * @param ownOrigins transactions with one of these come without their rows
     * @param space where large transactions wait
     */
    public PgoutputSource(
            Database database, String slot, String publication, Set<String> ownOrigins, SpoolSpace space) {
        this.database = database;
        this.slot = slot;
        this.publication = publication;
        this.ownOrigins = Set.copyOf(ownOrigins);
        this.space = space;
    }

    @Override
    public ChangeStream open() {
        return PgoutputStream.open(this, new Transactions(new PgoutputDecoder(ownOrigins), space));
    }

    Database database() {
        return database;
    }

    String slot() {
        return slot;
    }

    String publication() {
        return publication;
    }

    /** Whether the server is to send large transactions while they are open. */
    boolean whileOpen() {
        return whileOpen;
    }

    void spoolFailed() {
        whileOpen = false;
    }

    @Override
    public long spooledBytes() {
        return space.bytes();
    }
}
