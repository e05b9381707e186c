package io.viridian.postgres.slot;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The slots of one database. Stateless; any thread. */
public final class Slots {
    private static final String INSPECT = """
            select slot_name, coalesce(confirmed_flush_lsn, '0/0')::text, coalesce(restart_lsn, '0/0')::text,
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint,
                   coalesce(wal_status, 'lost'), safe_wal_size, active_pid
            from pg_replication_slots where slot_name = ?
            """;

    /** Every transaction with an id holds the lock on it until it is visible. */
    private static final String PERHAPS_COMMITTING = """
            select l.transactionid::text from pg_locks as l left join pg_stat_activity as a on a.pid = l.pid
            where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
            and l.pid is distinct from pg_backend_pid()
            and coalesce(a.state, '') not like 'idle in transaction%' and a.wait_event_type is distinct from 'Lock'
            and (a.datname = current_database() or exists (
                select 1 from pg_prepared_xacts as p
                where p.transaction = l.transactionid and p.database = current_database()))
            """;

    /** Longer than any statement of an application that expects an answer; then an operator should look. */
    private static final Duration EARLIER_COMMITS = Duration.ofMinutes(10);

    private Slots() {}

    public static Optional<SlotState> inspect(Session session, String slot) {
        return session.first(INSPECT, Slots::state, slot);
    }

    /**
     * Creates the slot unless it is there. It starts at a point from which every later commit is streamed; the server
     * waits for running transactions that have an id, so a long writer makes this wait. Whatever was committed before
     * that point is visible when this returns.
     *
     * @return the slot's state afterwards
     * @throws io.viridian.fault.FaultException when an earlier commit does not become visible within ten minutes; the
     *     slot is there then, and calling again goes on waiting
     */
    public static SlotState create(Session session, String slot) {
        if (inspect(session, slot).isEmpty()) {
            session.one(
                    "select lsn::text from pg_create_logical_replication_slot(?, 'pgoutput')",
                    row -> row.text(1),
                    slot);
        }
        awaitEarlierCommits(session, slot);
        return inspect(session, slot)
                .orElseThrow(
                        () -> Fault.about(FaultCode.SLOT_LOST, slot, "slot " + slot + " was created and is gone again")
                                .asException());
    }

    /**
     * A transaction whose commit record lies before the slot's first position is not streamed, and for a moment, or as
     * long as a synchronous standby is silent, no snapshot sees it either: rows read in that moment would lack it for
     * ever. So wait for every transaction that may be just there. One that is seen waiting for its client or for a lock
     * is not committing; it will be streamed.
     */
    private static void awaitEarlierCommits(Session session, String slot) {
        Deadline by = Deadline.after(Clock.system(), EARLIER_COMMITS);
        Set<String> doubtful = new HashSet<>(session.list(PERHAPS_COMMITTING, row -> row.text(1)));
        while (!doubtful.isEmpty()) {
            doubtful.retainAll(session.list(PERHAPS_COMMITTING, row -> row.text(1)));
            if (by.expired()) {
                FaultCode busy = session.side() == Side.BLUE ? FaultCode.BLUE_BUSY : FaultCode.GREEN_BUSY;
                throw Fault.about(
                                busy,
                                slot,
                                "transactions " + doubtful + " on "
                                        + session.side().text()
                                        + " may have been committed before slot " + slot
                                        + " and have not become visible; is a synchronous standby down?")
                        .asException();
            }
            session.list("select pg_sleep(0.02)", row -> true);
        }
    }

    /** Drops the slot if it is there; ends the connection that uses it, which can only be ours. */
    public static void drop(Database database, String slot, Duration patience) throws InterruptedException {
        Deadline by = Deadline.after(Clock.system(), patience);
        Waiter waiter = new Waiter();
        while (true) {
            Optional<SlotState> state = database.query(session -> inspect(session, slot));
            if (state.isEmpty()) {
                return;
            }
            if (state.get().activePid().isEmpty()) {
                database.run(session -> session.list(
                        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ? and not active",
                        row -> 1,
                        slot));
                continue;
            }
            if (by.expired()) {
                throw Fault.about(
                                FaultCode.SLOT_IN_USE,
                                slot,
                                "slot " + slot + " on " + database.side().text() + " is still used by process "
                                        + state.get().activePid().get())
                        .asException();
            }
            int pid = state.get().activePid().get();
            database.run(session -> session.list("select pg_terminate_backend(?)", row -> 1, pid));
            waiter.await(Duration.ofMillis(20));
        }
    }

    private static SlotState state(Row row) {
        return new SlotState(
                row.text(1),
                row.lsn(2),
                row.lsn(3),
                row.number(4),
                row.text(5),
                row.optionalText(6).map(Long::parseLong),
                row.optionalText(7).map(Integer::parseInt));
    }

    /** Where the server writes now: the end of its log. */
    public static Lsn currentWal(Session session) {
        return session.one("select pg_current_wal_lsn()::text", row -> row.lsn(1));
    }
}
