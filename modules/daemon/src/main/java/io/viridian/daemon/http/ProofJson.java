package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.viridian.control.MigrationEvent;
import io.viridian.control.ReportView;
import io.viridian.control.TableView;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.proof.Verification.TableResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was moved, proven and what happened: tables, verifications, events, and the certificate made of them. */
final class ProofJson {
    private ProofJson() {}

    static void certificate(JsonGenerator json, ReportView report) throws IOException {
        json.writeStringField("migration", report.view().migration());
        Json.object(json, "status", status -> StatusJson.write(status, report.view(), List.of(), Optional.empty()));
        Json.objects(json, "tables", report.tables(), ProofJson::table);
        Json.object(json, "verification", report.lastVerification(), ProofJson::verification);
        Json.objects(json, "operations", report.operations(), OperationJson::write);
        Json.objects(json, "events", report.events(), ProofJson::event);
    }

    static void table(JsonGenerator json, TableView table) throws IOException {
        json.writeStringField("source", table.source());
        json.writeStringField("target", table.target());
        json.writeStringField("state", table.state());
        json.writeNumberField("rows", table.rows());
        json.writeNumberField("estimated_rows", table.estimatedRows());
        json.writeNumberField("bytes", table.bytes());
        json.writeNumberField("total_bytes", table.totalBytes());
        json.writeNumberField("chunks_done", table.chunksDone());
        json.writeStringField("verified", table.verified());
    }

    static void event(JsonGenerator json, MigrationEvent event) throws IOException {
        json.writeNumberField("number", event.number());
        Json.moment(json, "at", Optional.of(event.at()));
        json.writeStringField("type", event.type());
        json.writeStringField("text", event.text());
    }

    static void verification(JsonGenerator json, Verification verification) throws IOException {
        json.writeBooleanField("clean", verification.clean());
        Json.moment(json, "started", Optional.of(verification.started()));
        json.writeNumberField("took_ms", verification.took().toMillis());
        json.writeNumberField("lane_held_ms", verification.laneHeld().toMillis());
        json.writeNumberField("rows", verification.rows());
        Json.objects(json, "tables", verification.tables(), ProofJson::tableResult);
    }

    private static void tableResult(JsonGenerator json, TableResult result) throws IOException {
        json.writeStringField("source", result.sourceNames());
        json.writeStringField("target", result.target().toString());
        json.writeNumberField("source_rows", result.sourceRows());
        json.writeNumberField("target_rows", result.targetRows());
        json.writeBooleanField("equal", result.equal());
        json.writeNumberField("differing", result.differing());
        Json.objects(json, "differences", result.differences(), ProofJson::difference);
    }

    private static void difference(JsonGenerator json, RowDifference row) throws IOException {
        json.writeStringField("key", row.key());
        json.writeStringField("kind", row.kind().name().toLowerCase(Locale.ROOT));
        Json.objects(json, "columns", row.columns(), ProofJson::column);
    }

    private static void column(JsonGenerator json, ColumnDifference column) throws IOException {
        json.writeStringField("column", column.column());
        json.writeStringField("expected", column.expected());
        json.writeStringField("found", column.found());
    }
}
