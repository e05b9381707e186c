package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.journal.Lease;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.LaneSettings;

/**
 * What a daemon does once it has taken the lease, and before it reads what its predecessor has written. The predecessor
 * may be alive: its advisory locks are gone, but it may not have noticed, or stand still. From here on it can neither
 * commit a window, nor hand over, nor read on in a slot of ours; and what it was committing is waited for, so that what
 * is read afterwards stays so. Stateless.
 */
final class TakeOver {
    private static final String RAISE = """
            update viridian.progress set epoch = ? where migration = ? and epoch < ?
            """;

    /** Also waits for whoever is changing one. */
    private static final String EPOCHS =
            "select epoch from viridian.progress where migration = ? order by direction for update";

    private static final String HIGHEST = "select coalesce(max(epoch), 0) from viridian.progress where migration = ?";

    /** The deciding commit asks for the nonce of its attempt. An attempt that was handed over keeps what it says. */
    private static final String TAKE_BACK = """
            update viridian.ownership set nonce = null where migration = ? and state = 'OPEN' and nonce is not null
            """;

    private static final String END_READERS = """
            select count(pg_terminate_backend(active_pid)) from pg_replication_slots
            where slot_name in (?, ?) and active_pid is not null and database = current_database()
            """;

    private TakeOver() {}

    /** The highest epoch that a daemon has shown to either side, by a lease of whatever journal. */
    static long highest(EngineParts parts) {
        long highest = 0;
        for (Side side : Side.values()) {
            highest = Math.max(highest, parts.on(side).query(session -> highest(session, parts.migration())));
        }
        return highest;
    }

    /** The highest epoch that a daemon has shown to the session's side. */
    static long highest(Session session, String migration) {
        return there(session, "viridian.progress") ? session.one(HIGHEST, row -> row.number(1), migration) : 0;
    }

    /**
     * Ends the rights of every daemon with an older epoch, on both sides.
     *
     * @throws io.viridian.fault.FaultException when a side does not answer, or a commit of the predecessor takes longer
     *     than ten seconds; it may be called again, with a new lease. With HELD_BY_ANOTHER when a side has seen this
     *     epoch or a later one: two journals have given leases
     */
    static void with(Lease lease, EngineParts parts) {
        for (Side side : Side.values()) {
            parts.on(side).transaction(session -> {
                session.execute("set local lock_timeout = '10s'");
                endRights(session, lease);
                return true;
            });
        }
        // A lane reads one side and has its epoch on the other: one that connects from here on sees both raised.
        for (Side side : Side.values()) {
            parts.on(side).run(session -> endReaders(session, lease));
        }
    }

    private static void endRights(Session session, Lease lease) {
        if (there(session, "viridian.progress")) {
            requireNew(session, lease);
            session.update(RAISE, lease.epoch(), lease.migration(), lease.epoch());
        }
        if (there(session, "viridian.ownership")) {
            session.update(TAKE_BACK, lease.migration());
        }
    }

    private static void endReaders(Session session, Lease lease) {
        session.one(
                END_READERS,
                row -> row.number(1),
                LaneSettings.slotOf(lease.migration(), Direction.FORWARD),
                LaneSettings.slotOf(lease.migration(), Direction.REVERSE));
    }

    private static void requireNew(Session session, Lease lease) {
        for (long seen : session.list(EPOCHS, row -> row.number(1), lease.migration())) {
            if (seen >= lease.epoch()) {
                throw Fault.about(
                                FaultCode.HELD_BY_ANOTHER,
                                lease.migration(),
                                session.side().text() + " has seen a daemon with epoch " + seen
                                        + " since this one took the lease with epoch " + lease.epoch())
                        .asException();
            }
        }
    }

    private static boolean there(Session session, String table) {
        return session.one("select to_regclass(?) is not null", row -> row.truth(1), table);
    }
}
