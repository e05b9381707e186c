package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.journal.ControlSchema;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import java.util.Optional;

/**
 * The note on blue that our slot was given up, and why. It is written before the slot is dropped, and goes with the
 * migration: what blue wrote since then reached green nowhere.
 *
 * @param from where in blue's log green's copy ends: what was committed before is on green
 */
record GivenUpSlot(Lsn from, String reason) {
    private static final String THERE = "select to_regclass('viridian.given_up_slot') is not null";

    private static final String FIND =
            "select given_up_from::text, reason from viridian.given_up_slot where migration = ?";

    private static final String NOTE = """
            insert into viridian.given_up_slot (migration, given_up_from, reason) values (?, ?::pg_lsn, ?)
            on conflict do nothing
            """;

    static Optional<GivenUpSlot> find(EngineParts parts) {
        return parts.blue().query(session -> find(session, parts.migration()));
    }

    private static Optional<GivenUpSlot> find(Session session, String migration) {
        return session.one(THERE, row -> row.truth(1))
                ? session.first(FIND, row -> new GivenUpSlot(row.lsn(1), row.text(2)), migration)
                : Optional.empty();
    }

    /** Writes it down; what was written before stays. */
    void note(EngineParts parts) {
        ControlSchema.upgrade(parts.on(Side.BLUE), ControlSchema.Role.BLUE);
        parts.blue().run(session -> session.update(NOTE, parts.migration(), from.toString(), reason));
    }

    /** Why the migration stands, for ever. */
    Fault fault(String slot) {
        return Fault.about(FaultCode.SLOT_GIVEN_UP, slot, words());
    }

    /** For events and logs. */
    String words() {
        return reason + "; what is committed on blue from " + from
                + " on is not led to green, and green's copy is of no use any more";
    }
}
