package io.viridian.journal;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.time.Instant;
import java.util.Optional;

/**
 * Who works on a migration. Taking it bumps the epoch; whoever still works with an older epoch is refused wherever the
 * epoch is compared, however long it slept. A lease does not run out: whether its holder lives is told by the holder's
 * session locks.
 *
 * @param holder the daemon's name; no two processes use the same
 */
public record Lease(String migration, long epoch, String holder, Instant takenAt) {
    private static final String COLUMNS = "migration, epoch, holder, " + Moment.sql("taken_at");

    private static final String CURRENT = "select " + COLUMNS + " from viridian.lease where migration = ?";

    /** Compare and set: taken only if nobody else took it since it was looked at. */
    private static final String TAKE = """
            insert into viridian.lease as mine (migration, epoch, holder) values (?, ?, ?)
            on conflict (migration) do update
            set epoch = excluded.epoch, holder = excluded.holder, taken_at = clock_timestamp()
            where mine.epoch = ?
            returning
            """ + COLUMNS;

    /**
     * Takes the lease with the next epoch. The caller has made sure that the last holder is gone, or means to push it
     * out. Asking again after a lost answer may skip an epoch, which does no harm.
     *
     * @throws io.viridian.fault.FaultException with HELD_BY_ANOTHER when another daemon took it at the same moment
     */
    public static Lease take(Database journal, String migration, String holder) {
        return take(journal, migration, holder, 0);
    }

    /**
     * As {@link #take(Database, String, String)}, with an epoch above one that the servers have seen: a lease may have
     * been taken where this journal was not, or the journal is an old one that was restored.
     */
    public static Lease take(Database journal, String migration, String holder, long above) {
        return journal.query(session -> {
            long seen = current(session, migration).map(Lease::epoch).orElse(0L);
            return take(session, new Lease(migration, Math.max(seen, above) + 1, holder, Instant.EPOCH), seen);
        });
    }

    private static Lease take(Session session, Lease wanted, long seen) {
        String migration = wanted.migration();
        return session.first(TAKE, Lease::read, migration, wanted.epoch(), wanted.holder(), seen)
                .orElseThrow(() -> {
                    String winner =
                            current(session, migration).map(Lease::holder).orElse("another daemon");
                    return Fault.about(
                                    FaultCode.HELD_BY_ANOTHER,
                                    migration,
                                    winner + " took the lease of " + migration + " at the same moment")
                            .asException();
                });
    }

    /** The lease as it stands; empty when nobody ever took it. */
    public static Optional<Lease> current(Session journal, String migration) {
        return journal.first(CURRENT, Lease::read, migration);
    }

    /** Whether nobody has taken it since. Every effect that cannot compare the epoch itself asks this first. */
    public boolean stillHeld(Session journal) {
        return current(journal, migration)
                .filter(current -> current.epoch() == epoch && current.holder().equals(holder))
                .isPresent();
    }

    private static Lease read(Row row) {
        return new Lease(row.text(1), row.number(2), row.text(3), Moment.of(row, 4));
    }
}
