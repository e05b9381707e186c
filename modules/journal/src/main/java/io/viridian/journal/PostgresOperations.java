package io.viridian.journal;

import io.viridian.migration.Operation;
import io.viridian.migration.Operations;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations as rows. A later form replaces status, result and times; what was asked for never changes. */
public final class PostgresOperations implements Operations {
    private static final String COLUMNS = "id, type, parameters::text, reason, requested_by, status, result::text, "
            + Moment.sql("requested_at") + ", " + Moment.sql("started_at") + ", " + Moment.sql("finished_at");

    private static final String INSERT = """
            insert into viridian.operation (id, migration, type, parameters, reason, requested_by, status, result,
                requested_at, started_at, finished_at, idempotency_key, request_digest)
            values (?, ?, ?, ?::jsonb, ?, ?, ?, ?::jsonb, ?::timestamptz, ?::timestamptz, ?::timestamptz, ?, ?)
            """;

    private static final String SAVE = INSERT + """
            on conflict (id) do update set status = excluded.status, result = excluded.result,
                started_at = excluded.started_at, finished_at = excluded.finished_at
            """;

    private static final String KEEP = INSERT + " on conflict (migration, idempotency_key) do nothing";

    private static final String SELECT = "select " + COLUMNS + " from viridian.operation where migration = ?";

    private static final String BY_KEY = "select " + COLUMNS
            + ", request_digest from viridian.operation where migration = ? and idempotency_key = ?";

    private final Database database;
    private final String migration;

    public PostgresOperations(Database database, String migration) {
        this.database = database;
        this.migration = migration;
    }

    /**
     * An operation kept under an idempotency key.
     *
     * @param requestDigest of the request that created it
     */
    public record Keyed(Operation operation, String requestDigest) {}

    @Override
    public void save(Operation operation) {
        database.run(session -> insert(session, SAVE, operation, null, null));
    }

    /**
     * Keeps a new operation under an idempotency key, unless the key is taken. The caller compares digests: the same
     * request gives the operation answered here, another one is a misuse of the key.
     *
     * @return what is kept under the key now
     */
    public Keyed keep(Operation operation, String idempotencyKey, String requestDigest) {
        return database.query(session -> {
            insert(session, KEEP, operation, idempotencyKey, requestDigest);
            return session.one(BY_KEY, PostgresOperations::keyed, migration, idempotencyKey);
        });
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

    private void insert(
            Session session, String sql, Operation operation, @Nullable String key, @Nullable String digest) {
        session.update(
                sql,
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
                operation.finished().map(Instant::toString).orElse(null),
                key,
                digest);
    }

    private static Keyed keyed(Row row) {
        return new Keyed(operation(row), row.text(11));
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
