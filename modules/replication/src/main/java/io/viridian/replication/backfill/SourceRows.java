package io.viridian.replication.backfill;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Snapshot;
import io.viridian.feed.Tuple;
import io.viridian.plan.RouteSource;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads single rows of the source, for the rare row that moved into copied key space without its large values. The
 * snapshot must see the transaction that moved it; later changes that it sees as well come again through the stream and
 * are applied on top, so the row ends as the source has it.
 */
public final class SourceRows implements ChunkLedger.RowFetch {
    /** A transaction becomes visible within milliseconds of its commit record unless a synchronous standby hangs. */
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(60);

    private final Database source;
    private final Clock clock;

    public SourceRows(Database source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public Optional<Tuple> fetch(SourceLayout table, List<String> key, Collection<Long> xids) {
        Deadline by = Deadline.after(clock, VISIBLE_WITHIN);
        Waiter waiter = new Waiter();
        try (Session session = source.open("fetch")) {
            while (!by.expired()) {
                session.beginSnapshot();
                Snapshot snapshot =
                        Snapshot.parse(session.one("select pg_current_snapshot()::text", row -> row.text(1)));
                if (xids.stream().allMatch(snapshot::sees)) {
                    return read(session, table.source(), key);
                }
                session.rollback();
                waiter.await(Duration.ofMillis(10));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw Fault.about(
                        FaultCode.TIMED_OUT,
                        table.toString(),
                        "transactions " + xids + " did not become visible on the source within "
                                + VISIBLE_WITHIN.toSeconds() + " s; row " + key + " of "
                                + table + " cannot be read")
                .asException();
    }

    private static Optional<Tuple> read(Session session, RouteSource table, List<String> key) {
        List<String> columns = new ArrayList<>();
        for (SourceColumn column : table.columns()) {
            columns.add(Sql.identifier(column.name()) + "::text");
        }
        List<String> conditions = new ArrayList<>();
        for (String name : table.key()) {
            SourceColumn column = table.columns().get(table.index(name));
            conditions.add(
                    Sql.identifier(name) + " = (?::text)::" + column.type().sql());
        }
        String sql = "select " + String.join(", ", columns) + " from "
                + table.name().sql() + " where " + String.join(" and ", conditions);
        return session.first(
                sql,
                row -> {
                    @Nullable String[] values = new @Nullable String[columns.size()];
                    for (int index = 0; index < values.length; index++) {
                        values[index] = row.nullableText(index + 1);
                    }
                    return new Tuple(values);
                },
                key.toArray());
    }
}
