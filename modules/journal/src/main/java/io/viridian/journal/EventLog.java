package io.viridian.journal;

import io.viridian.control.MigrationEvent;
import io.viridian.postgres.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened, numbered from 1 without gaps, so that a reader can ask for what came after. */
public final class EventLog {
    private static final String COLUMNS = "number, " + Moment.sql("at") + ", type, text";

    /** Writers take turns: the next number is the last one plus one, and a gap would look like a lost event. */
    private static final String ONE_AT_A_TIME =
            "select pg_advisory_xact_lock(hashtextextended('viridian.event ' || ?, 0))";

    private static final String APPEND = """
            insert into viridian.event (migration, number, at, type, text)
            select ?, coalesce(max(number), 0) + 1, coalesce(?::timestamptz, clock_timestamp()), ?, ?
            from viridian.event where migration = ?
            returning
            """ + COLUMNS;

    private static final String SINCE =
            "select " + COLUMNS + " from viridian.event where migration = ? and number > ? order by number limit ?";

    private static final String NEWEST =
            "select " + COLUMNS + " from viridian.event where migration = ? order by number desc limit ?";

    private final Database database;
    private final String migration;

    public EventLog(Database database, String migration) {
        this.database = database;
        this.migration = migration;
    }

    public MigrationEvent append(String type, String text) {
        return append(null, type, text);
    }

    /** Writes down later what was told before; it keeps its moment, and gets the next number. */
    public MigrationEvent append(MigrationEvent told) {
        return append(told.at().toString(), told.type(), told.text());
    }

    private MigrationEvent append(@Nullable String at, String type, String text) {
        return database.transaction(session -> {
            session.list(ONE_AT_A_TIME, _ -> true, migration);
            return session.one(APPEND, EventLog::event, migration, at, type, text, migration);
        });
    }

    /** The events after number {@code since}, oldest first. */
    public List<MigrationEvent> since(long since, int most) {
        return database.query(session -> session.list(SINCE, EventLog::event, migration, since, most));
    }

    /** The newest events, oldest first. */
    public List<MigrationEvent> newest(int most) {
        return database.query(session -> session.list(NEWEST, EventLog::event, migration, most))
                .reversed();
    }

    private static MigrationEvent event(io.viridian.postgres.Row row) {
        return new MigrationEvent(row.number(1), Moment.of(row, 2), row.text(3), row.text(4));
    }
}
