package io.viridian.journal;

import io.viridian.control.MigrationEvent;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Operation;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal on blue for as long as the real one, in a database of its own, does not answer. Who leads meanwhile writes
 * here; whoever finds the real one again carries over what happened, and the journal on blue is gone. Stateless.
 */
public final class InterimJournal {
    private static final Logger LOG = LoggerFactory.getLogger(InterimJournal.class);

    /** A rollback takes a few of each; more than that is carried over by a person. */
    private static final int MOST = 1000;

    private static final String BEGIN = """
            update viridian.plan_copy set interim_since = coalesce(interim_since, clock_timestamp()) where migration = ?
            """;

    private static final String BEGUN =
            "select count(*) > 0 from viridian.plan_copy where migration = ? and interim_since is not null";

    private static final String ENTRIES = """
            select state, detail::text, daemon, process, entered_at::text
            from viridian.migration_journal where migration = ? and (seq > 1 or ?) order by seq limit ?
            """;

    /** Once, should the carrying be broken off: nothing else has the same process and moment. */
    private static final String CARRY_ENTRY = """
            insert into viridian.migration_journal (migration, seq, state, detail, daemon, process, entered_at)
            select ?, coalesce(max(seq), 0) + 1, ?, ?::jsonb, ?, ?, ?::timestamptz
            from viridian.migration_journal where migration = ?
            having count(*) filter (where process = ? and entered_at = ?::timestamptz) = 0
            """;

    private static final String CARRY_EVENT = """
            insert into viridian.event (migration, number, at, type, text)
            select ?, coalesce(max(number), 0) + 1, ?::timestamptz, ?, ? from viridian.event where migration = ?
            having count(*) filter (where type = ? and at = ?::timestamptz) = 0
            """;

    private static final String HELD =
            "select 1 from viridian.lease where migration = ? and epoch = ? and holder = ? for share";

    private static final String END = """
            drop table viridian.migration_journal, viridian.migration, viridian.green_keys, viridian.operation,
                viridian.event, viridian.verification, viridian.consent, viridian.lease;
            drop function viridian.append_only();
            delete from viridian.databasechangelog where id like 'journal-%'
            """;

    private static final String OVER = "update viridian.plan_copy set interim_since = null where migration = ?";

    private final Database blue;
    private final String migration;

    public InterimJournal(Database blue, String migration) {
        this.blue = blue;
        this.migration = migration;
    }

    /** Whether one was begun and is not carried over yet. */
    public boolean begun() {
        return blue.query(session -> {
            boolean table = session.one("select to_regclass('viridian.plan_copy') is not null", row -> row.truth(1));
            return table && session.one(BEGUN, row -> row.truth(1), migration);
        });
    }

    /** Creates it, with the plan and without a state, unless it is there. */
    public void begin(PlanCopy plan) {
        ControlSchema.install(blue, ControlSchema.Role.JOURNAL);
        blue.transaction(session -> {
            plan.begin(session, migration);
            return session.update(BEGIN, migration);
        });
    }

    /**
     * Carries over into the real journal what happened, and removes this one. May be done again.
     *
     * @param lease of the real journal
     * @throws io.viridian.fault.FaultException with CONFLICT when another daemon has taken the lease since
     */
    public void carryInto(Database journal, Lease lease) {
        if (blue.query(session -> PlanCopy.find(session, migration)).isEmpty()) {
            return;
        }
        PostgresOperations carried = new PostgresOperations(journal, migration);
        List<Operation> operations = new PostgresOperations(blue, migration).recent(MOST);
        operations.reversed().forEach(carried::save);
        List<MigrationEvent> events = new EventLog(blue, migration).since(0, MOST);
        List<Entry> entries = entries(journal);
        PlanCopy plan = blue.query(session -> PlanCopy.find(session, migration)).orElseThrow();
        journal.transaction(session -> {
            requireHeld(session, lease);
            plan.begin(session, migration);
            entries.forEach(entry -> entry.carryInto(session, migration));
            events.forEach(event -> carry(session, event));
            return true;
        });
        end();
        LOG.warn(
                "The journal's database answers again. What was done without it is written down there: {} states, {} "
                        + "operations, {} events.",
                entries.size(),
                operations.size(),
                events.size());
    }

    private void requireHeld(Session journal, Lease lease) {
        if (journal.first(HELD, row -> true, migration, lease.epoch(), lease.holder())
                .isEmpty()) {
            throw Fault.about(FaultCode.CONFLICT, migration, "another daemon has taken the lease since")
                    .asException();
        }
    }

    /** The first says what was found when it was begun, which a journal that knows better needs not be told. */
    private List<Entry> entries(Database journal) {
        boolean withFirst = new PostgresJournal(journal, migration, "").last().isEmpty();
        return blue.query(session -> session.list(ENTRIES, Entry::read, migration, withFirst, MOST));
    }

    private record Entry(String state, String detail, String daemon, String process, String at) {
        static Entry read(Row row) {
            return new Entry(row.text(1), row.text(2), row.text(3), row.text(4), row.text(5));
        }

        void carryInto(Session journal, String migration) {
            journal.update(CARRY_ENTRY, migration, state, detail, daemon, process, at, migration, process, at);
        }
    }

    private void carry(Session journal, MigrationEvent event) {
        String at = event.at().toString();
        journal.update(CARRY_EVENT, migration, at, event.type(), event.text(), migration, event.type(), at);
    }

    private void end() {
        blue.transaction(session -> {
            session.execute(END);
            return session.update(OVER, migration);
        });
    }
}
