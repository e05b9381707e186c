package io.viridian.daemon.engine;

import io.viridian.journal.ControlSchema;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import java.util.Optional;

/**
 * The note on green that the way back was closed, and why. It is written before the slot is dropped, and never taken
 * back: what green wrote since then reached blue nowhere.
 *
 * @param from where in green's log it ends: what was committed before is on blue
 */
record ClosedWayBack(Lsn from, String reason) {
    private static final String THERE = "select to_regclass('viridian.way_back') is not null";

    private static final String FIND = "select closed_from::text, reason from viridian.way_back where migration = ?";

    private static final String NOTE = """
            insert into viridian.way_back (migration, closed_from, reason) values (?, ?::pg_lsn, ?) on conflict do nothing
            """;

    static Optional<ClosedWayBack> find(EngineParts parts) {
        return parts.green().query(session -> find(session, parts.migration()));
    }

    private static Optional<ClosedWayBack> find(Session session, String migration) {
        return session.one(THERE, row -> row.truth(1))
                ? session.first(FIND, row -> new ClosedWayBack(row.lsn(1), row.text(2)), migration)
                : Optional.empty();
    }

    /** Writes it down; what was written before stays. */
    void note(EngineParts parts) {
        ControlSchema.upgrade(parts.on(Side.GREEN), ControlSchema.Role.GREEN);
        parts.green().run(session -> session.update(NOTE, parts.migration(), from.toString(), reason));
    }

    /** For the status. */
    String words() {
        return reason + "; what is committed on green from " + from + " on is not led to blue";
    }
}
