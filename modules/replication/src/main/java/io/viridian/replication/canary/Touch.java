package io.viridian.replication.canary;

import io.viridian.position.Lsn;
import java.time.Instant;

/**
 * A change of a row that has come through a stream.
 *
 * @param committed where its transaction's commit record lies
 * @param at when that was, by the source's clock
 */
record Touch(Lsn committed, Instant at, Kind kind) {
    /** What became of the row. */
    enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }
}
