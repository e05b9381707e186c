package io.viridian.replication.lane;

import io.viridian.feed.Marker;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import java.util.UUID;

/** Emits markers. Stateless; any thread. */
public final class Markers {
    private Markers() {}

    /**
     * Emits a marker in a transaction of its own and waits until it is flushed on the source, but not for standbys: a
     * standby that never answers must not stop the markers, and logical decoding reads what is flushed.
     *
     * @return its nonce
     */
    public static String emit(Database source, String migration, Marker.Kind kind, Clock clock) {
        String nonce = UUID.randomUUID().toString();
        source.transaction(session -> {
            session.execute("set local synchronous_commit = local");
            emit(session, new Marker(migration, kind, nonce, clock.now()));
            return true;
        });
        return nonce;
    }

    /** Emits a given marker on a session, as part of its transaction or alone. */
    public static void emit(Session session, Marker marker) {
        session.list("select pg_logical_emit_message(true, ?, ?)", row -> true, Marker.PREFIX, marker.content());
    }
}
