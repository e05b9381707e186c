package io.viridian.daemon.engine;

import io.viridian.cutover.OwnershipRows;
import io.viridian.fault.FaultException;
import io.viridian.migration.MigrationState;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the migration ended while this daemon stood by: it had a journal, and has nothing any more. The file that
 * tells of the end lies where the other daemon ran; without it this one would take the migration for one that nobody
 * has begun. The starting thread.
 */
final class EndedMeanwhile {
    private static final Logger LOG = LoggerFactory.getLogger(EndedMeanwhile.class);

    private final EngineParts parts;
    private boolean begun;

    EndedMeanwhile(EngineParts parts) {
        this.parts = parts;
    }

    /**
     * Looks whether there is a migration. Servers that do not answer tell nothing.
     *
     * @throws FaultException with USAGE when there was one and is none any more; a file keeps the next start from
     *     beginning, too
     */
    void look() {
        boolean there;
        try {
            there = Resumption.journalThere(parts)
                    || parts.blue()
                            .query(session -> OwnershipRows.read(session, parts.migration())
                                    .isPresent());
        } catch (FaultException unanswered) {
            LOG.debug("whether the migration is there is not known: {}", unanswered.getMessage());
            return;
        }
        if (there) {
            begun = true;
        } else if (begun) {
            Path directory = parts.settings().migrationDir();
            Optional<MigrationState> known = Tombstone.read(directory, parts.migration());
            if (known.isEmpty()) {
                Tombstone.writeUnknown(
                        directory, parts.migration(), parts.clock().now());
                throw Tombstone.elsewhere(directory, parts.migration());
            }
        }
    }
}
