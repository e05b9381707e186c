package io.viridian.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.proof.Verification.TableResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The results of verifications, so that a restarted daemon knows the last one. The newest few are kept. */
public final class VerificationLog {
    /** Enough to see whether a mismatch was there before, at one verification every ten minutes for a day. */
    private static final int KEPT = 144;

    private static final String SAVE = """
            insert into viridian.verification (migration, number, clean, started_at, result)
            select ?, coalesce(max(number), 0) + 1, ?, ?::timestamptz, ?::jsonb
            from viridian.verification where migration = ?
            """;

    private static final String FORGET = """
            delete from viridian.verification v where v.migration = ?
            and v.number <= (select max(number) from viridian.verification where migration = v.migration) - ?
            """;

    private static final String LAST =
            "select result::text from viridian.verification where migration = ? order by number desc limit 1";

    private final Database database;
    private final String migration;

    public VerificationLog(Database database, String migration) {
        this.database = database;
        this.migration = migration;
    }

    /** Keeps a result. One verification runs at a time, so nobody else writes. */
    public void save(Verification verification) {
        database.transaction(session -> {
            session.update(
                    SAVE,
                    migration,
                    verification.clean(),
                    verification.started().toString(),
                    encode(verification).toString(),
                    migration);
            return session.update(FORGET, migration, KEPT);
        });
    }

    public Optional<Verification> last() {
        return database.query(session -> session.first(LAST, row -> decode(Json.parse(row.text(1))), migration));
    }

    private static ObjectNode encode(Verification verification) {
        ObjectNode node = Json.object()
                .put("started", verification.started().toString())
                .put("took", verification.took().toString())
                .put("lane_held", verification.laneHeld().toString());
        ArrayNode tables = node.putArray("tables");
        verification.tables().forEach(table -> tables.add(encode(table)));
        return node;
    }

    private static ObjectNode encode(TableResult table) {
        ObjectNode node = Json.object();
        ArrayNode sources = node.putArray("sources");
        table.sources().forEach(source -> sources.add(encode(source)));
        node.set("target", encode(table.target()));
        node.put("source_rows", table.sourceRows())
                .put("target_rows", table.targetRows())
                .put("equal", table.equal())
                .put("differing", table.differing());
        ArrayNode rows = node.putArray("differences");
        table.differences().forEach(row -> rows.add(encode(row)));
        return node;
    }

    private static ObjectNode encode(RowDifference row) {
        ObjectNode node = Json.object();
        node.set("target", encode(row.target()));
        node.put("key", row.key()).put("kind", row.kind().name());
        ArrayNode columns = node.putArray("columns");
        row.columns()
                .forEach(column -> columns.add(Json.object()
                        .put("column", column.column())
                        .put("expected", column.expected())
                        .put("found", column.found())));
        return node;
    }

    private static ArrayNode encode(TableName name) {
        return Json.array().add(name.schema()).add(name.name());
    }

    private static Verification decode(JsonNode node) {
        List<TableResult> tables = new ArrayList<>();
        Json.field(node, "tables").forEach(table -> tables.add(table(table)));
        return new Verification(
                Instant.parse(Json.text(node, "started")),
                Duration.parse(Json.text(node, "took")),
                Duration.parse(Json.text(node, "lane_held")),
                tables);
    }

    private static TableResult table(JsonNode node) {
        List<TableName> sources = new ArrayList<>();
        Json.field(node, "sources").forEach(source -> sources.add(name(source)));
        List<RowDifference> rows = new ArrayList<>();
        Json.field(node, "differences").forEach(row -> rows.add(row(row)));
        return new TableResult(
                sources,
                name(Json.field(node, "target")),
                Json.field(node, "source_rows").asLong(),
                Json.field(node, "target_rows").asLong(),
                Json.field(node, "equal").asBoolean(),
                Json.field(node, "differing").asLong(),
                rows);
    }

    private static RowDifference row(JsonNode node) {
        List<ColumnDifference> columns = new ArrayList<>();
        Json.field(node, "columns")
                .forEach(column -> columns.add(new ColumnDifference(
                        Json.text(column, "column"), Json.text(column, "expected"), Json.text(column, "found"))));
        return new RowDifference(
                name(Json.field(node, "target")),
                Json.text(node, "key"),
                Kind.valueOf(Json.text(node, "kind")),
                columns);
    }

    private static TableName name(JsonNode node) {
        return new TableName(node.path(0).asText(), node.path(1).asText());
    }
}
