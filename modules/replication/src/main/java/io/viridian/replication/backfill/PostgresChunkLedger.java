package io.viridian.replication.backfill;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.postgres.CopyPipe;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.replication.merge.ChunkRange;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The chunk ledger on green: a chunk's row says MERGED in the same commit that makes its rows visible. Any thread. */
public final class PostgresChunkLedger implements ChunkLedger {
    private static final String COLUMNS =
            "source, number, low, high, kind, state, coalesce(rows, 0), coalesce(bytes, 0)";

    private final Database green;
    private final String migration;
    private final Set<TableName> sources = new HashSet<>();

    public PostgresChunkLedger(Database green, String migration, Collection<Route> routes) {
        this.green = green;
        this.migration = migration;
        routes.forEach(route -> sources.add(route.source()));
    }

    /** One chunk as the ledger has it. */
    record Entry(ChunkRange range, boolean merged, long rows, long bytes) {}

    /**
     * What was copied of one table so far.
     *
     * @param open chunks planned and not merged
     */
    public record Summary(TableName source, long rows, long bytes, int merged, int open) {}

    /** What was copied so far, for status after a restart. */
    public List<Summary> summary() {
        return green.query(session -> session.list(
                """
                select source, coalesce(sum(rows), 0), coalesce(sum(bytes), 0),
                       count(*) filter (where state = 'MERGED'), count(*) filter (where state <> 'MERGED')
                from viridian.chunk where migration = ? group by source order by sum(bytes) desc
                """,
                row -> new Summary(
                        parse(row.text(1)), row.number(2), row.number(3), (int) row.number(4), (int) row.number(5)),
                migration));
    }

    List<Entry> entries() {
        return green.query(session -> session.list(
                "select " + COLUMNS + " from viridian.chunk where migration = ? order by source, number",
                PostgresChunkLedger::entry,
                migration));
    }

    @Override
    public boolean complete() {
        return finishedTables().size() == sources.size();
    }

    @Override
    public List<ChunkRange> merged() {
        Set<TableName> finished = new HashSet<>(finishedTables());
        return entries().stream()
                .filter(entry ->
                        entry.merged() && !finished.contains(entry.range().table()))
                .map(Entry::range)
                .toList();
    }

    @Override
    public List<TableName> finishedTables() {
        return green.query(session -> session.list("""
                select source from viridian.chunk where migration = ? group by source
                having bool_and(state = 'MERGED') and bool_or(high is null)
                """, row -> parse(row.text(1)), migration));
    }

    /**
     * The chunk exists from here on, whatever happens; its rows do not yet. Waits for a merge whose outcome is in doubt.
     *
     * @return false when the chunk is merged already
     */
    boolean planned(ChunkRange range, int attempt, long daemonEpoch) {
        return green.transaction(session -> {
            session.execute("set local lock_timeout = '60s'");
            long changed = session.update(
                    """
                    insert into viridian.chunk as c (migration, source, number, attempt, low, high, kind, state)
                    values (?, ?, ?, ?, ?, ?, ?, 'PLANNED')
                    on conflict (migration, source, number)
                    do update set attempt = excluded.attempt, changed_at = clock_timestamp()
                    where c.state <> 'MERGED' and c.low is not distinct from excluded.low
                        and c.high is not distinct from excluded.high and c.kind = excluded.kind
                    """,
                    migration,
                    text(range.table()),
                    range.number(),
                    attempt,
                    array(range.low()),
                    array(range.high()),
                    range.whole() ? "whole" : "range");
            requireHeld(session, range, daemonEpoch);
            if (changed == 1) {
                return true;
            }
            Entry known = session.one(
                    "select " + COLUMNS + " from viridian.chunk where migration = ? and source = ? and number = ?",
                    PostgresChunkLedger::entry,
                    migration,
                    text(range.table()),
                    range.number());
            if (!known.merged() || !known.range().equals(range)) {
                throw lost(range, "the ledger has it as " + known.range(), daemonEpoch);
            }
            return false;
        });
    }

    /** Writes that the chunk is merged, as part of the session's transaction. */
    void merged(Session session, ChunkRange range, CopyPipe.Copied copied, String snapshot, long daemonEpoch) {
        requireHeld(session, range, daemonEpoch);
        long changed = session.update(
                """
                update viridian.chunk set state = 'MERGED', rows = ?, bytes = ?, snapshot = ?, changed_at = clock_timestamp()
                where migration = ? and source = ? and number = ? and state <> 'MERGED'
                """, copied.rows(), copied.bytes(), snapshot, migration, text(range.table()), range.number());
        if (changed != 1) {
            throw lost(range, "it is merged already", daemonEpoch);
        }
    }

    /**
     * Makes sure, by locking the progress row until the transaction ends, that no other daemon has taken over: one that
     * woke up late can neither add to a target nor empty it. Our own lane may be just about to take over.
     */
    void requireHeld(Session session, ChunkRange range, long daemonEpoch) {
        boolean held = session.first(
                        "select 1 from viridian.progress where migration = ? and direction = 'forward' and epoch <= ? for share",
                        row -> true,
                        migration,
                        daemonEpoch)
                .isPresent();
        if (!held) {
            throw lost(range, "another daemon holds the migration", daemonEpoch);
        }
    }

    private static FaultException lost(ChunkRange range, String why, long daemonEpoch) {
        return Fault.about(
                        FaultCode.HELD_BY_ANOTHER,
                        range.toString(),
                        range + ": " + why + "; this attempt (epoch " + daemonEpoch + ") is undone")
                .asException();
    }

    private static Entry entry(Row row) {
        ChunkRange range = new ChunkRange(
                parse(row.text(1)),
                (int) row.number(2),
                Optional.of(row.texts(3)).filter(key -> !key.isEmpty()),
                Optional.of(row.texts(4)).filter(key -> !key.isEmpty()),
                row.text(5).equals("whole"));
        return new Entry(range, row.text(6).equals("MERGED"), row.number(7), row.number(8));
    }

    private static String @org.jspecify.annotations.Nullable [] array(Optional<List<String>> key) {
        return key.map(values -> values.toArray(String[]::new)).orElse(null);
    }

    private static String text(TableName table) {
        return table.sql();
    }

    private static TableName parse(String quoted) {
        return TableName.parse(quoted);
    }
}
