package io.viridian.journal;

import io.viridian.migration.Operation;
import io.viridian.migration.Operations;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Operations as rows. A later form replaces status, result and times; what was asked for never changes. */
public final class PostgresOperations implements Operations {
    private static final String COLUMNS = "id, type, parameters::text, reason, requested_by, status, result::text, "
            + Moment.sql("requested_at") + ", " + Moment.sql("started_at") + ", " + Moment.sql("finished_at");

    private static final String SAVE = """
            insert into viridian.operation (id, migration, type, parameters, reason, requested_by, status, result,
                requested_at, started_at, finished_at)
            values (?, ?, ?, ?::jsonb, ?, ?, ?, ?::jsonb, ?::timestamptz, ?::timestamptz, ?::timestamptz)
            on conflict (id) do update set status = excluded.status, result = excluded.result,
                started_at = excluded.started_at, finished_at = excluded.finished_at
            """;

    private static final String SELECT = "select " + COLUMNS + " from viridian.operation where migration = ?";

    private final Database database;
    private final String migration;

    public PostgresOperations(Database database, String migration) {
        this.database = database;
        this.migration = migration;
    }

    @Override
    public void save(Operation operation) {
        database.run(session -> session.update(
                SAVE,
                operation.id(),
                migration,
                operation.type().text(),
                Json.texts(operation.parameters()),
                operation.reason(),
                operation.by(),
                operation.status().name(),
                Json.texts(operation.result()),
                operation.requested().toString(),
                operation.started().map(Instant::toString).orElse(null),
                operation.finished().map(Instant::toString).orElse(null)));
    }

    @Override
    public Optional<Operation> find(String id) {
        return database.query(
                session -> session.first(SELECT + " and id = ?", PostgresOperations::operation, migration, id));
    }

    @Override
    public List<Operation> unfinished() {
        return database.query(session -> session.list(
                SELECT + " and status in ('PENDING', 'RUNNING', 'UNKNOWN') order by number",
                PostgresOperations::operation,
                migration));
    }

    @Override
    public List<Operation> recent(int most) {
        return database.query(session ->
                session.list(SELECT + " order by number desc limit ?", PostgresOperations::operation, migration, most));
    }

    private static Operation operation(Row row) {
        return new Operation(
                row.text(1),
                Operation.Type.valueOf(row.text(2).toUpperCase(Locale.ROOT)),
                Json.texts(row.text(3)),
                row.text(4),
                row.text(5),
                Operation.Status.valueOf(row.text(6)),
                Json.texts(row.text(7)),
                Moment.of(row, 8),
                Moment.optional(row, 9),
                Moment.optional(row, 10));
    }
}
