package io.viridian.journal;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The journal as a table whose primary key is the lock. A process that asks again for an entry it has already written,
 * because the answer was lost, is answered that entry.
 */
public final class PostgresJournal implements Journal {
    private static final String COLUMNS = "seq, state, detail::text, " + Moment.sql("entered_at") + ", daemon";

    /** Names are given by people and containers, and two daemons may have the same. */
    private static final String PROCESS = UUID.randomUUID().toString();

    /** A take-over waits for the entry that is being written, and afterwards nothing more is written. */
    private static final String APPEND = """
            with held as materialized (
                select 1 from viridian.lease where migration = ? and epoch = ? for share)
            insert into viridian.migration_journal (migration, seq, state, detail, daemon, process)
            select ?, ?, ?, ?::jsonb, ?, ?
            where (? = 0 or exists (select 1 from viridian.migration_journal where migration = ? and seq = ?))
              and (? = 0 or exists (select 1 from held))
            returning
            """ + COLUMNS;

    /** Of nobody's lease. */
    private static final long WITHOUT = 0;

    private static final String NEWEST =
            "select " + COLUMNS + " from viridian.migration_journal where migration = ? order by seq desc limit ?";

    private static final String AT =
            "select " + COLUMNS + " from viridian.migration_journal where migration = ? and seq = ?";

    private static final String OURS = """
            select daemon = ? and process = ? from viridian.migration_journal where migration = ? and seq = ?
            """;

    private static final String EXISTS = "select to_regclass('viridian.migration_journal') is not null";

    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;
    private final String migration;
    private final String daemon;
    private final long epoch;

    /**
     * A journal of one migration.
     *
     * @param daemon who writes, for people
     */
    public PostgresJournal(Database database, String migration, String daemon) {
        this(database, migration, daemon, WITHOUT);
    }

    private PostgresJournal(Database database, String migration, String daemon, long epoch) {
        this.database = database;
        this.migration = migration;
        this.daemon = daemon;
        this.epoch = epoch;
    }

    /** The same journal for whoever holds this lease, and only for as long. */
    public PostgresJournal under(Lease lease) {
        return new PostgresJournal(database, migration, daemon, lease.epoch());
    }

    @Override
    public Optional<Entry> last() {
        return history(1).stream().findFirst();
    }

    @Override
    public List<Entry> history(int most) {
        return database.query(session -> session.one(EXISTS, row -> row.truth(1))
                ? session.list(NEWEST, PostgresJournal::entry, migration, most)
                : List.of());
    }

    @Override
    public Entry append(long after, MigrationState state) {
        StateCodec.Stored stored = StateCodec.encode(state);
        return database.query(session -> append(session, after, state, stored));
    }

    private Entry append(Session session, long after, MigrationState state, StateCodec.Stored stored) {
        try {
            return session.first(
                            APPEND,
                            PostgresJournal::entry,
                            migration,
                            epoch,
                            migration,
                            after + 1,
                            stored.kind(),
                            stored.detail(),
                            daemon,
                            PROCESS,
                            after,
                            migration,
                            after,
                            epoch)
                    .orElseThrow(() -> conflict(refusal(session, after)));
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(UNIQUE_VIOLATION)) {
                throw failure;
            }
            Entry winner = session.one(AT, PostgresJournal::entry, migration, after + 1);
            boolean ours = session.one(OURS, row -> row.truth(1), daemon, PROCESS, migration, after + 1);
            if (ours && winner.state().equals(state)) {
                return winner;
            }
            if (ours && epoch != WITHOUT) {
                // Written under this lease, which nobody else has had, and the answer was lost: it is only followed
                // now.
                return append(session, after + 1, state, stored);
            }
            throw conflict("entry " + winner.sequence() + " of the journal is already '"
                    + StateCodec.encode(winner.state()).kind() + "', written by " + winner.daemon() + " at "
                    + winner.enteredAt() + "; " + daemon + " wanted to write '" + stored.kind() + "' and must stop");
        }
    }

    private String refusal(Session session, long after) {
        boolean replaced = epoch != WITHOUT
                && Lease.current(session, migration)
                        .filter(lease -> lease.epoch() == epoch)
                        .isEmpty();
        return replaced
                ? "another daemon has taken the lease since; " + daemon + " must stop"
                : "the journal has no entry " + after + " to follow";
    }

    private FaultException conflict(String detail) {
        return Fault.about(FaultCode.CONFLICT, migration, detail).asException();
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.number(1),
                StateCodec.decode(new StateCodec.Stored(row.text(2), row.text(3))),
                Moment.of(row, 4),
                row.text(5));
    }
}
