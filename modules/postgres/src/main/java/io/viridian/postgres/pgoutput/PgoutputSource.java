package io.viridian.postgres.pgoutput;

import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.postgres.Database;

/**
 * A slot and a publication of one database, as a {@link ChangeSource}.
 *
 * @param database where the slot lives
 * @param slot the logical replication slot, plugin pgoutput
 * @param publication what it publishes
 */
public record PgoutputSource(Database database, String slot, String publication) implements ChangeSource {
    @Override
    public ChangeStream open() {
        return PgoutputStream.open(database, slot, publication);
    }
}
