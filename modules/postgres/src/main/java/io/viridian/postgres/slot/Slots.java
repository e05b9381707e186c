package io.viridian.postgres.slot;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Optional;

/** The slots of one database. Stateless; any thread. */
public final class Slots {
    private static final String INSPECT = """
            select slot_name, coalesce(confirmed_flush_lsn, '0/0')::text, coalesce(restart_lsn, '0/0')::text,
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint,
                   coalesce(wal_status, 'lost'), safe_wal_size, active_pid
            from pg_replication_slots where slot_name = ?
            """;

    private Slots() {}

    public static Optional<SlotState> inspect(Session session, String slot) {
        return session.first(INSPECT, Slots::state, slot);
    }

    /**
     * Creates the slot unless it is there. It starts at a point from which every later commit is streamed; the server
     * waits for running transactions that have an id, so a long writer makes this wait.
     *
     * @return the slot's state afterwards
     */
    public static SlotState create(Session session, String slot) {
        Optional<SlotState> existing = inspect(session, slot);
        if (existing.isPresent()) {
            return existing.get();
        }
        session.one(
                "select lsn::text from pg_create_logical_replication_slot(?, 'pgoutput')", row -> row.text(1), slot);
        return inspect(session, slot)
                .orElseThrow(
                        () -> Fault.about(FaultCode.SLOT_LOST, slot, "slot " + slot + " was created and is gone again")
                                .asException());
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
