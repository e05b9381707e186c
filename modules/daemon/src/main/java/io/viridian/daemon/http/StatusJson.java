package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.viridian.control.MigrationView;
import io.viridian.control.MigrationView.ActionView;
import io.viridian.control.MigrationView.BackfillView;
import io.viridian.control.MigrationView.ClientView;
import io.viridian.control.MigrationView.ClosedView;
import io.viridian.control.MigrationView.FaultView;
import io.viridian.control.MigrationView.HealthView;
import io.viridian.control.MigrationView.LagView;
import io.viridian.migration.Consent;
import io.viridian.migration.Gate;
import io.viridian.migration.GateOverride;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The status of a migration, the document that {@code viridian status -o json} prints. */
final class StatusJson {
    private StatusJson() {}

    /**
     * Writes all of it.
     *
     * @param caller whose role the actions are told for
     */
    static void write(JsonGenerator json, MigrationView view, List<Gate> gates, Optional<Caller> caller)
            throws IOException {
        json.writeStringField("migration", view.migration());
        json.writeStringField("version", view.version());
        json.writeStringField("state", view.state());
        Json.text(json, "step", view.step());
        Json.moment(json, "state_since", Optional.of(view.stateSince()));
        json.writeStringField("owner", view.owner());
        Json.text(json, "plan_hash", view.planHash());
        Json.texts(json, "flags", view.flags());
        Json.object(json, "lag", lag -> lag(lag, view.lag()));
        Json.object(json, "reverse_lag", view.reverseLag(), StatusJson::lag);
        Json.object(json, "backfill", backfill -> backfill(backfill, view.backfill()));
        json.writeStringField("verification", view.verification());
        Json.seconds(json, "verification_age_seconds", view.verificationAge());
        json.writeStringField("rollback", view.rollback());
        Json.objects(json, "consents", view.consents(), StatusJson::consent);
        Json.object(json, "health", view.health(), StatusJson::health);
        Json.object(json, "closed_side", view.closed(), StatusJson::closed);
        Json.object(json, "fault", view.fault(), StatusJson::fault);
        Json.objects(json, "gates", gates, StatusJson::gate);
        Json.objects(json, "allowedActions", CallerActions.of(view.actions(), caller), StatusJson::action);
        Json.texts(json, "next", view.next());
    }

    static void gate(JsonGenerator json, Gate gate) throws IOException {
        json.writeStringField("id", gate.id());
        json.writeStringField("status", gate.passing() ? "passing" : "failed");
        json.writeStringField("value", gate.value());
        json.writeStringField("limit", gate.limit());
        Json.moment(json, "since", Optional.of(gate.since()));
        json.writeStringField("hint", gate.hint());
        Json.object(json, "overridden", gate.overridden(), StatusJson::overridden);
    }

    private static void overridden(JsonGenerator json, GateOverride override) throws IOException {
        json.writeStringField("by", override.by());
        json.writeStringField("reason", override.reason());
        Json.moment(json, "at", Optional.of(override.at()));
        Json.moment(json, "until", Optional.of(override.until()));
    }

    private static void health(JsonGenerator json, HealthView health) throws IOException {
        json.writeStringField("verdict", health.verdict());
        json.writeStringField("value", health.value());
        Json.moment(json, "since", Optional.of(health.since()));
        json.writeNumberField("failures", health.failures());
        json.writeNumberField("inconclusive", health.inconclusive());
        Json.moment(json, "until", health.until());
        json.writeNumberField("failures_most", health.failuresMost());
        json.writeStringField("on_failing", health.onFailing());
    }

    private static void closed(JsonGenerator json, ClosedView closed) throws IOException {
        json.writeStringField("side", closed.side());
        Json.count(json, "refused_writes", closed.refused());
        json.writeNumberField("sessions", closed.sessions());
        Json.objects(json, "clients", closed.clients(), StatusJson::client);
    }

    private static void client(JsonGenerator json, ClientView client) throws IOException {
        json.writeStringField("role", client.role());
        json.writeStringField("application", client.application());
        json.writeStringField("address", client.address());
        json.writeNumberField("sessions", client.sessions());
    }

    private static void consent(JsonGenerator json, Consent consent) throws IOException {
        json.writeStringField("kind", consent.kind().text());
        json.writeStringField("subject", consent.subject());
        json.writeBooleanField("given", consent.given());
        json.writeStringField("reason", consent.reason());
        json.writeStringField("by", consent.by());
        Json.moment(json, "at", Optional.of(consent.at()));
        Json.moment(json, "until", Optional.of(consent.until()));
    }

    static void sample(JsonGenerator json, LagSample sample) throws IOException {
        Json.moment(json, "at", Optional.of(sample.at()));
        lag(json, sample.forward());
        Json.object(json, "reverse", reverse -> lag(reverse, sample.reverse()));
    }

    /** A line of the list of migrations: what one looks at first. */
    static void summary(JsonGenerator json, MigrationView view) throws IOException {
        json.writeStringField("migration", view.migration());
        json.writeStringField("version", view.version());
        json.writeStringField("state", view.state());
        Json.text(json, "step", view.step());
        json.writeStringField("owner", view.owner());
        Json.object(json, "lag", lag -> lag(lag, view.lag()));
    }

    private static void lag(JsonGenerator json, LagView lag) throws IOException {
        Json.fraction(json, "seconds", lag.seconds());
        Json.count(json, "bytes", lag.bytes());
    }

    private static void backfill(JsonGenerator json, BackfillView backfill) throws IOException {
        json.writeNumberField("rows", backfill.rows());
        json.writeNumberField("bytes", backfill.bytes());
        json.writeNumberField("total_bytes", backfill.totalBytes());
        json.writeNumberField("tables_done", backfill.tablesDone());
        json.writeNumberField("tables", backfill.tables());
        Json.seconds(json, "eta", backfill.eta());
    }

    private static void fault(JsonGenerator json, FaultView fault) throws IOException {
        json.writeStringField("code", fault.code());
        json.writeStringField("detail", fault.detail());
        Json.text(json, "object", fault.object());
        Json.text(json, "sqlstate", fault.sqlState());
        json.writeBooleanField("retryable", fault.retryable());
        json.writeStringField("fix", fault.fix());
    }

    private static void action(JsonGenerator json, ActionView action) throws IOException {
        json.writeStringField("type", action.type());
        json.writeBooleanField("allowed", action.allowed());
        Json.text(json, "reason", action.reason());
    }
}
