package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.viridian.control.PlanView;
import io.viridian.plan.Finding;
import java.io.IOException;
import java.util.Locale;

/** What would happen, step by step. */
final class PlanJson {
    private PlanJson() {}

    static void write(JsonGenerator json, PlanView plan) throws IOException {
        json.writeStringField("plan", plan.what());
        json.writeStringField("hash", plan.hash());
        Json.objects(json, "steps", plan.steps(), PlanJson::step);
        Json.objects(json, "findings", plan.findings(), PlanJson::finding);
    }

    private static void step(JsonGenerator json, PlanView.Step step) throws IOException {
        json.writeStringField("name", step.name());
        json.writeStringField("does", step.does());
        Json.texts(json, "statements", step.statements());
        Json.text(json, "estimate", step.estimate());
    }

    private static void finding(JsonGenerator json, Finding finding) throws IOException {
        json.writeStringField("id", finding.id());
        json.writeStringField("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        json.writeStringField("object", finding.object());
        json.writeStringField("message", finding.message());
        Json.text(json, "fix", finding.fix());
    }
}
