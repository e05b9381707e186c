package io.viridian.cutover;

import io.viridian.feed.Marker;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;

/** Puts markers into a server's log. Stateless; any thread. */
final class Emission {
    private Emission() {}

    /**
     * Emits a marker alone. The session commits with {@code synchronous_commit = local}: flushed here is all that
     * decoding needs, and a standby that never answers must not lengthen the pause.
     */
    static void emit(Session session, Marker.Kind kind, String migration, String nonce, Clock clock) {
        Marker marker = new Marker(migration, kind, nonce, clock.now());
        session.list("select pg_logical_emit_message(true, ?, ?)", row -> true, Marker.PREFIX, marker.content());
    }
}
