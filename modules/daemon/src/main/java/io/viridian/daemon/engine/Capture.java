package io.viridian.daemon.engine;

import io.viridian.daemon.config.CaptureEngine;
import io.viridian.debezium.DebeziumSource;
import io.viridian.feed.CaptureLimits;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.postgres.Database;
import io.viridian.postgres.pgoutput.PgoutputSource;
import java.util.Set;

/** The capture engines by their names. */
final class Capture {
    private Capture() {}

    static CaptureLimits limits(CaptureEngine engine) {
        return switch (engine) {
            case PGOUTPUT -> CaptureLimits.none("pgoutput");
            case DEBEZIUM -> DebeziumSource.LIMITS;
        };
    }

    /**
     * @param name slot and publication
     * @param ownOrigins transactions with one of these come without their rows
     */
    static ChangeSource source(
            CaptureEngine engine, Database database, String name, Set<String> ownOrigins, SpoolSpace space) {
        return switch (engine) {
            case PGOUTPUT -> new PgoutputSource(database, name, name, ownOrigins, space);
            case DEBEZIUM -> new DebeziumSource(database, name, name, ownOrigins, space);
        };
    }
}
